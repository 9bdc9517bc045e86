package dev.events.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

import dev.events.EventStoreException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * The tables of the JDBC event store, made and brought up to date by Flyway with a
 * history table ({@code events_schema_history}) and a location of their own, so that the
 * application's migrations neither see nor touch them. Must run after the application's
 * own Flyway, which refuses a schema that is not empty. Safe when several nodes start at
 * once. Thread-safe.
 */
public final class EventsSchema {

	private static final int ATTEMPTS = 6;

	private static final Duration PAUSE = Duration.ofMillis(300);

	// of databases in this JVM, where Flyway has no lock that holds
	private static final Lock ONE_AT_A_TIME = new ReentrantLock();

	private final DataSource dataSource;

	private final JdbcEventStoreSettings settings;

	public EventsSchema(DataSource dataSource, JdbcEventStoreSettings settings) {
		this.dataSource = dataSource;
		this.settings = settings;
	}

	/**
	 * Makes missing tables and brings old ones up to date. Does nothing when all is in
	 * place.
	 * @throws EventStoreException when that fails; what was in place is still there
	 */
	public void migrate() {
		Database database = new Database(this.dataSource);
		Dialect dialect = Dialects.detect(database);
		FluentConfiguration configuration = Flyway.configure(EventsSchema.class.getClassLoader())
			.dataSource(database.dataSource())
			.locations("classpath:dev/events/jdbc/migration/" + dialect.migrations())
			.table(this.settings.tablePrefix() + "events_schema_history")
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.validateMigrationNaming(true)
			.placeholders(Map.of("prefix", this.settings.tablePrefix()));
		if (this.settings.schema() != null) {
			String schema = storedName(database, this.settings.schema());
			configuration.schemas(schema).createSchemas(true);
		}
		else {
			requireCurrentSchema(database);
		}
		Flyway flyway = configuration.load();
		if (dialect.locksMigrations()) {
			migrate(flyway);
		}
		else {
			migrateAlone(flyway);
		}
	}

	/** Two migrations at once would leave a failed one behind, which stops all others. */
	private static void migrateAlone(Flyway flyway) {
		ONE_AT_A_TIME.lock();
		try {
			migrate(flyway);
		}
		finally {
			ONE_AT_A_TIME.unlock();
		}
	}

	/** A name that is written without quotes, as the database stores it. */
	private static String storedName(Database database, String schema) {
		boolean upperCase = database.autocommit("read the case of names",
				(connection) -> connection.getMetaData().storesUpperCaseIdentifiers());
		return upperCase ? schema.toUpperCase(Locale.ROOT) : schema;
	}

	private static void requireCurrentSchema(Database database) {
		Optional<String> schema = database.autocommit("read its schema",
				(connection) -> Optional.ofNullable(connection.getSchema()));
		if (schema.isEmpty()) {
			throw new EventStoreException(
					"The connections of the event store have no current schema: the schemas in "
							+ "their search_path do not exist. Create one of them, or name one with events.jdbc.schema",
					null);
		}
	}

	/**
	 * Flyway makes its history table and fills it in two steps, so of several nodes that
	 * start at once on a new database one may find it empty and give up: it only has to
	 * try again. A migration that fails or does not fit will do so again, and a database
	 * that is away has its own retries.
	 */
	private static void migrate(Flyway flyway) {
		for (int attempt = 1;; attempt++) {
			try {
				flyway.migrate();
				return;
			}
			catch (FlywayException ex) {
				if (attempt == ATTEMPTS || !mayBeRace(ex)) {
					throw new EventStoreException(
							"The tables of the event store could not be made or brought up to date: " + ex.getMessage(),
							ex);
				}
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

	private static boolean mayBeRace(FlywayException failure) {
		if (failure instanceof FlywayValidateException) {
			return false;
		}
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException ex && Database.isUnreachable(ex)) {
				return false;
			}
		}
		return true;
	}

}
