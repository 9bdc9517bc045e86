package dev.events.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import dev.events.StartPosition;
import dev.events.store.EventLog;
import dev.events.store.FormerPartitions;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import dev.events.store.SubscriptionRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions as rows.
 */
final class JdbcSubscriptionRegistry implements SubscriptionRegistry {

	private final Database database;

	private final Tables tables;

	private final EventLog log;

	private final ReplaySql replays;

	private final String select;

	private final String insert;

	private final String update;

	private final String insertCursor;

	private final String epoch;

	private final String lockDeliveries;

	JdbcSubscriptionRegistry(Database database, Tables tables, Dialect dialect, EventLog log, ReplaySql replays) {
		this.database = database;
		this.tables = tables;
		this.log = log;
		this.replays = replays;
		this.select = "select id, event_name, subscriber_type, config, active, organization_uuid, created_from, "
				+ "partitions from " + tables.subscriptions();
		this.insert = "insert into " + tables.subscriptions() + " (id, event_name, subscriber_type, config, active, "
				+ "organization_uuid, created_from, partitions) select ?, ?, ?, " + dialect.json()
				+ ", ?, ?, ?, ? where not exists (select 1 from " + tables.subscriptions() + " where id = ?)";
		this.update = "update " + tables.subscriptions() + " set event_name = ?, subscriber_type = ?, config = "
				+ dialect.json() + ", organization_uuid = ?, partitions = ? where id = ?";
		this.insertCursor = "insert into " + tables.cursors()
				+ " (subscription_id, partition_no, position, epoch, owner, lease_until) values (?, ?, ?, ?, ?, ?)";
		// room for 2^32 claims until the next subscription of the same name
		this.epoch = "select nextval('" + tables.epochs() + "') * 4294967296";
		this.lockDeliveries = new DeliverySql(tables, dialect).lockSubscription();
	}

	@Override
	public SubscriptionRecord register(SubscriptionRecord subscription, StartPosition startAt) {
		// read outside the transaction, on what is committed
		long start = (startAt == StartPosition.HEAD) ? this.log.head() : 0;
		try {
			return this.database.transaction("register a subscription",
					(connection) -> register(connection, subscription, start));
		}
		catch (dev.events.EventStoreException ex) {
			if (Database.isDuplicate(ex)) {
				// another node was faster
				return this.database.transaction("register a subscription",
						(connection) -> register(connection, subscription, start));
			}
			throw ex;
		}
	}

	private SubscriptionRecord register(Connection connection, SubscriptionRecord wanted, long start)
			throws SQLException {
		int created = Sql.update(connection, this.insert, wanted.id(), String.join(",", wanted.patterns()),
				wanted.subscriberType(), wanted.config(), wanted.active(), wanted.organization(), wanted.createdFrom(),
				wanted.partitions(), wanted.id());
		if (created > 0) {
			insertCursors(connection, wanted, start, Sql.queryLong(connection, this.epoch), null, null);
			return wanted;
		}
		SubscriptionRecord stored = Sql
			.queryOne(connection, this.select + " where id = ? for update", JdbcSubscriptionRegistry::record,
					wanted.id())
			.orElseThrow();
		Sql.update(connection, this.update, String.join(",", wanted.patterns()), wanted.subscriberType(),
				wanted.config(), wanted.organization(), wanted.partitions(), wanted.id());
		if (stored.partitions() != wanted.partitions()) {
			repartition(connection, wanted);
		}
		return new SubscriptionRecord(wanted.id(), wanted.patterns(), wanted.subscriberType(), wanted.config(),
				stored.active(), wanted.organization(), stored.createdFrom(), wanted.partitions());
	}

	private void insertCursors(Connection connection, SubscriptionRecord subscription, long position, long epoch,
			@Nullable String owner, @Nullable Object leaseUntil) throws SQLException {
		List<@Nullable Object[]> cursors = new ArrayList<>();
		for (int partition = 0; partition < subscription.partitions(); partition++) {
			cursors.add(new @Nullable Object[] { subscription.id(), partition, position, epoch, owner, leaseUntil });
		}
		Sql.batch(connection, this.insertCursor, cursors);
	}

	/**
	 * Old owners are fenced off at once by the new epochs, but may still be inside a
	 * handler: so nobody gets a new cursor before the last old lease has run out.
	 */
	private void repartition(Connection connection, SubscriptionRecord subscription) throws SQLException {
		List<OldCursor> old = Sql.query(connection,
				"select position, epoch, lease_until from " + this.tables.cursors()
						+ " where subscription_id = ? order by partition_no for update",
				(rows) -> new OldCursor(rows.getLong(1), rows.getLong(2), Sql.nullableInstant(rows, "lease_until")),
				subscription.id());
		List<Long> positions = old.stream().map(OldCursor::position).toList();
		long position = Collections.min(positions);
		long epoch = old.stream().mapToLong(OldCursor::epoch).max().orElse(0) + 1;
		java.time.Instant leased = old.stream()
			.map(OldCursor::leaseUntil)
			.filter(java.util.Objects::nonNull)
			.map(java.util.Objects::requireNonNull)
			.max(java.util.Comparator.naturalOrder())
			.orElse(null);
		Sql.update(connection, "delete from " + this.tables.cursors() + " where subscription_id = ?",
				subscription.id());
		insertCursors(connection, subscription, position, epoch, (leased != null) ? JdbcCursors.NOBODY : null, leased);
		String known = Sql
			.query(connection, "select former_positions from " + this.tables.subscriptions() + " where id = ?",
					(rows) -> Optional.ofNullable(rows.getString(1)), subscription.id())
			.get(0)
			.orElse(null);
		Sql.update(connection, "update " + this.tables.subscriptions() + " set former_positions = ? where id = ?",
				FormerPartitions.format(FormerPartitions.afterChange(FormerPartitions.parse(known), positions)),
				subscription.id());
		int partitions = subscription.partitions();
		this.replays.repartition(connection, subscription.id(), partitions);
		lockDeliveries(connection, subscription.id());
		Sql.update(connection,
				"update " + this.tables.deliveries()
						+ " set partition_no = mod(mod(hash, ?) + ?, ?) where subscription_id = ?",
				partitions, partitions, partitions, subscription.id());
	}

	private void lockDeliveries(Connection connection, String subscription) throws SQLException {
		Sql.query(connection, this.lockDeliveries, (rows) -> rows.getLong(1), subscription);
	}

	@Override
	public List<SubscriptionRecord> list() {
		return this.database.autocommit("read subscriptions",
				(connection) -> Sql.query(connection, this.select + " order by id", JdbcSubscriptionRegistry::record));
	}

	@Override
	public Optional<SubscriptionRecord> find(String id) {
		return this.database.autocommit("read a subscription", (connection) -> Sql.queryOne(connection,
				this.select + " where id = ?", JdbcSubscriptionRegistry::record, id));
	}

	@Override
	public boolean delete(String id) {
		return this.database.transaction("delete a subscription", (connection) -> {
			int deleted = Sql.update(connection, "delete from " + this.tables.subscriptions() + " where id = ?", id);
			Sql.update(connection, "delete from " + this.tables.cursors() + " where subscription_id = ?", id);
			this.replays.delete(connection, id);
			lockDeliveries(connection, id);
			Sql.update(connection, "delete from " + this.tables.deliveries() + " where subscription_id = ?", id);
			return deleted > 0;
		});
	}

	private static SubscriptionRecord record(ResultSet rows) throws SQLException {
		return new SubscriptionRecord(rows.getString("id"), List.of(rows.getString("event_name").split(",")),
				rows.getString("subscriber_type"), rows.getString("config"), rows.getBoolean("active"),
				rows.getString("organization_uuid"), rows.getString("created_from"), rows.getInt("partitions"));
	}

	/**
	 * A cursor before the number of partitions changed; {@link PartitionId} no longer
	 * matters.
	 */
	private record OldCursor(long position, long epoch, java.time.@Nullable Instant leaseUntil) {

	}

}
