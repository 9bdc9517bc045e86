package dev.events.jdbc;

import java.time.Instant;

import javax.sql.DataSource;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.Nodes;
import dev.events.store.Processes;
import dev.events.store.Replays;
import dev.events.store.Schedule;
import dev.events.store.Schemas;
import dev.events.store.SubjectKeys;
import dev.events.store.SubscriptionRegistry;
import dev.events.store.Wakeups;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps everything in a relational database: PostgreSQL, or H2 for development and tests.
 * Appending takes part in the caller's Spring transaction on the same data source, or on
 * one that wraps it or is wrapped by it; outside one it is durable on return. In a
 * transaction of something else it refuses; the bus then waits for the commit. Of an
 * {@code AbstractRoutingDataSource} the default target holds the events. Thread-safe. The
 * tables must be there before first use, see {@link EventsSchema}.
 *
 * <pre>{@code
 * new EventsSchema(dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
 * EventStore store = new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT);
 * }</pre>
 */
public final class JdbcEventStore implements EventStore {

	private static final Logger logger = LoggerFactory.getLogger(JdbcEventStore.class);

	private final Database database;

	private final Dialect dialect;

	private final JdbcEventLog log;

	private final Schedule schedule;

	private final SubscriptionRegistry subscriptions;

	private final Cursors cursors;

	private final Deliveries deliveries;

	private final Replays replays;

	private final Processes processes;

	private final Nodes nodes;

	private final Schemas schemas;

	private final SubjectKeys subjectKeys;

	private final Wakeups wakeups;

	/**
	 * Creates a store.
	 * @throws dev.events.EventStoreException when the database cannot be reached, or it
	 * is not clear which one it is
	 * @throws IllegalStateException when it is one that is not supported
	 */
	public JdbcEventStore(DataSource dataSource, JdbcEventStoreSettings settings) {
		Database database = new Database(dataSource);
		if (DataSourceTargets.isRouting(dataSource)) {
			logger.info("Events are kept in the default target of a routing data source. What is published in a "
					+ "transaction on another database than that is stored after the commit");
		}
		this.database = database;
		Tables tables = Tables.of(settings);
		this.dialect = Dialects.detect(database);
		CallersWork callersWork = new CallersWork(database);
		Horizon horizon = this.dialect.horizon(tables, settings);
		this.log = new JdbcEventLog(database, tables, this.dialect, horizon, callersWork,
				this.dialect.indexesTimes() ? null : new BlockTimes(tables, horizon));
		this.schedule = new JdbcSchedule(database, tables, this.dialect, callersWork);
		ReplaySql replaySql = new ReplaySql(tables, this.dialect);
		this.subscriptions = new JdbcSubscriptionRegistry(database, tables, this.dialect, this.log, replaySql);
		DeliveryWriter writer = new DeliveryWriter(tables, this.dialect);
		this.cursors = new JdbcCursors(database, tables, this.dialect, writer, replaySql);
		this.replays = new JdbcReplays(database, tables, this.dialect, replaySql);
		this.deliveries = new JdbcDeliveries(database, tables, this.dialect);
		this.processes = new JdbcProcesses(database, tables, this.dialect, callersWork);
		this.nodes = new JdbcNodes(database, tables, this.dialect);
		this.schemas = new JdbcSchemas(database, tables);
		this.subjectKeys = new JdbcSubjectKeys(database, tables, this.dialect, callersWork);
		this.wakeups = this.dialect.wakeups(database, tables, settings);
	}

	@Override
	public String name() {
		return "jdbc (" + this.dialect.name() + ")";
	}

	@Override
	public boolean isInTransaction() {
		return this.database.inTransaction();
	}

	@Override
	public Instant now() {
		return this.database
			.joinedOrAutocommit("read the time", (connection) -> Sql.query(connection,
					"select " + this.dialect.now() + " as present", (rows) -> Sql.instant(rows, "present")))
			.get(0);
	}

	@Override
	public EventLog log() {
		return this.log;
	}

	@Override
	public Schedule schedule() {
		return this.schedule;
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return this.subscriptions;
	}

	@Override
	public Cursors cursors() {
		return this.cursors;
	}

	@Override
	public Deliveries deliveries() {
		return this.deliveries;
	}

	@Override
	public Replays replays() {
		return this.replays;
	}

	@Override
	public Processes processes() {
		return this.processes;
	}

	@Override
	public Nodes nodes() {
		return this.nodes;
	}

	@Override
	public Schemas schemas() {
		return this.schemas;
	}

	@Override
	public SubjectKeys subjectKeys() {
		return this.subjectKeys;
	}

	@Override
	public Wakeups wakeups() {
		return this.wakeups;
	}

}
