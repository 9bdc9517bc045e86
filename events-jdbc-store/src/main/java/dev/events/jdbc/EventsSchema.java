package dev.events.jdbc;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

import dev.events.EventStoreException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

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
		Map<String, String> placeholders = new HashMap<>();
		placeholders.put("prefix", this.settings.tablePrefix());
		FluentConfiguration configuration = Flyway.configure(EventsSchema.class.getClassLoader())
			.dataSource(database.dataSource())
			.locations("classpath:dev/events/jdbc/migration/" + dialect.migrations())
			.table(this.settings.tablePrefix() + "events_schema_history")
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.validateMigrationNaming(true);
		if (this.settings.schema() != null) {
			configuration.schemas(dialect.storedName(this.settings.schema())).createSchemas(true);
			placeholders.put("schema", this.settings.schema());
		}
		else {
			placeholders.put("schema", database.autocommit("read its schema", (connection) -> connection.getSchema()));
		}
		migrate(configuration.placeholders(placeholders).load());
	}

	/**
	 * Flyway makes its history table and fills it in two steps, so of several nodes that
	 * start at once on a new database one may find it empty and give up: it only has to
	 * try again.
	 */
	private static void migrate(Flyway flyway) {
		for (int attempt = 1;; attempt++) {
			try {
				flyway.migrate();
				return;
			}
			catch (FlywayException ex) {
				if (attempt == ATTEMPTS) {
					throw new EventStoreException(
							"The tables of the event store could not be made or brought up to date: " + ex.getMessage(),
							ex);
				}
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

}
