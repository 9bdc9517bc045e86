package dev.events.jdbc;

import javax.sql.DataSource;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.Nodes;
import dev.events.store.SubscriptionRegistry;

/**
 * Keeps everything in a relational database: PostgreSQL, or H2 for development and tests.
 * Appending takes part in the caller's Spring transaction on the same data source;
 * outside one it is durable on return. In a transaction of something else it refuses; the
 * bus then waits for the commit. Thread-safe. The tables must be there before first use,
 * see {@link EventsSchema}.
 *
 * <pre>{@code
 * new EventsSchema(dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
 * EventStore store = new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT);
 * }</pre>
 */
public final class JdbcEventStore implements EventStore {

	private final Dialect dialect;

	private final JdbcEventLog log;

	private final SubscriptionRegistry subscriptions;

	private final Cursors cursors;

	private final Deliveries deliveries;

	private final Nodes nodes;

	/**
	 * Creates a store.
	 * @throws dev.events.EventStoreException when the database cannot be reached
	 * @throws IllegalStateException when it is one that is not supported
	 */
	public JdbcEventStore(DataSource dataSource, JdbcEventStoreSettings settings) {
		Database database = new Database(dataSource);
		Tables tables = Tables.of(settings);
		this.dialect = Dialects.detect(database);
		this.log = new JdbcEventLog(database, tables, this.dialect, this.dialect.horizon(tables, settings));
		this.subscriptions = new JdbcSubscriptionRegistry(database, tables, this.dialect, this.log);
		DeliveryWriter writer = new DeliveryWriter(tables, this.dialect);
		this.cursors = new JdbcCursors(database, tables, this.dialect, writer);
		this.deliveries = new JdbcDeliveries(database, tables, this.dialect);
		this.nodes = new JdbcNodes(database, tables, this.dialect);
	}

	@Override
	public String name() {
		return "jdbc (" + this.dialect.name() + ")";
	}

	@Override
	public EventLog log() {
		return this.log;
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
	public Nodes nodes() {
		return this.nodes;
	}

}
