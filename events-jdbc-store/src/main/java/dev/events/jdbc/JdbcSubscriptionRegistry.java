package dev.events.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import dev.events.EventStoreException;
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

	private final Dialect dialect;

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
		this.dialect = dialect;
		this.log = log;
		this.replays = replays;
		this.select = "select id, event_name, subscriber_type, config, active, organization_uuid, created_from, "
				+ "partitions, note from " + tables.subscriptions();
		this.insert = "insert into " + tables.subscriptions() + " (id, event_name, subscriber_type, config, active, "
				+ "organization_uuid, created_from, partitions, note) select ?, ?, ?, " + dialect.json()
				+ ", ?, ?, ?, ?, ? where not exists (select 1 from " + tables.subscriptions() + " where id = ?)";
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
		long start = start(startAt);
		try {
			return this.database.transaction("register a subscription",
					(connection) -> register(connection, subscription, start));
		}
		catch (EventStoreException ex) {
			if (Database.isDuplicate(ex)) {
				// another node was faster
				return this.database.transaction("register a subscription",
						(connection) -> register(connection, subscription, start));
			}
			throw ex;
		}
	}

	private long start(StartPosition startAt) {
		return (startAt == StartPosition.HEAD) ? this.log.head() : 0;
	}

	private SubscriptionRecord register(Connection connection, SubscriptionRecord wanted, long start)
			throws SQLException {
		if (insert(connection, wanted, start)) {
			return wanted;
		}
		SubscriptionRecord stored = lock(connection, wanted.id()).orElseThrow();
		update(connection, wanted, start);
		return stored.changedTo(wanted);
	}

	private boolean insert(Connection connection, SubscriptionRecord wanted, long start) throws SQLException {
		int created = Sql.update(connection, this.insert, wanted.id(), String.join(",", wanted.patterns()),
				wanted.subscriberType(), wanted.config(), wanted.active(), wanted.organization(), wanted.createdFrom(),
				wanted.partitions(), wanted.note(), wanted.id());
		if (created > 0) {
			// of one that was deleted by hand they may still be there
			openCursors(connection, wanted, start);
		}
		return created > 0;
	}

	private Optional<SubscriptionRecord> lock(Connection connection, String id) throws SQLException {
		return Sql.queryOne(connection, this.select + " where id = ? for update", JdbcSubscriptionRegistry::record, id);
	}

	private void update(Connection connection, SubscriptionRecord wanted, long start) throws SQLException {
		Sql.update(connection, this.update, String.join(",", wanted.patterns()), wanted.subscriberType(),
				wanted.config(), wanted.organization(), wanted.partitions(), wanted.id());
		openCursors(connection, wanted, start);
	}

	/** Judges by the cursors, for anybody can write into the table of subscriptions. */
	private void openCursors(Connection connection, SubscriptionRecord subscription, long start) throws SQLException {
		long cursors = Sql.queryLong(connection,
				"select count(*) from " + this.tables.cursors() + " where subscription_id = ?", subscription.id());
		if (cursors == 0) {
			insertCursors(connection, subscription, start, Sql.queryLong(connection, this.epoch), null, null);
		}
		else if (cursors != subscription.partitions()) {
			repartition(connection, subscription);
		}
	}

	@Override
	public boolean create(SubscriptionRecord subscription, StartPosition startAt) {
		long start = start(startAt);
		try {
			return this.database.transaction("create a subscription",
					(connection) -> insert(connection, subscription, start));
		}
		catch (EventStoreException ex) {
			if (Database.isDuplicate(ex)) {
				return false;
			}
			throw ex;
		}
	}

	@Override
	public boolean update(SubscriptionRecord subscription) {
		long head = this.log.head();
		return this.database.transaction("change a subscription", (connection) -> {
			boolean exists = lock(connection, subscription.id()).isPresent();
			if (exists) {
				update(connection, subscription, head);
			}
			return exists;
		});
	}

	@Override
	public boolean activate(String id, boolean active, @Nullable String note) {
		return this.database.transaction("switch a subscription on or off",
				(connection) -> Sql.update(connection,
						"update " + this.tables.subscriptions() + " set active = ?, note = ? where id = ?", active,
						note, id)) > 0;
	}

	@Override
	public boolean open(String id, StartPosition startAt) {
		long start = start(startAt);
		return this.database.transaction("open a subscription", (connection) -> {
			// who edits the row by hand may take his time
			this.dialect.limitLockWait(connection);
			Optional<SubscriptionRecord> stored = lock(connection, id);
			if (stored.isPresent()) {
				openCursors(connection, stored.get(), start);
			}
			return stored.isPresent();
		});
	}

	/**
	 * In the place of a row that nobody else sees, so that whoever writes one with this
	 * id meanwhile waits, and does not count cursors that are about to go.
	 */
	@Override
	public void clear(String id) {
		try {
			this.database.transaction("clear what is left of a subscription", (connection) -> {
				this.dialect.limitLockWait(connection);
				if (Sql.update(connection, this.insert, id, "", "", "{}", false, null, "", 1, null, id) > 0) {
					deleteAll(connection, id);
				}
				return true;
			});
		}
		catch (EventStoreException ex) {
			// there is a row again, or will be
			if (!Database.isDuplicate(ex) && !Database.isLocked(ex)) {
				throw ex;
			}
		}
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
		return this.database.transaction("delete a subscription", (connection) -> deleteAll(connection, id));
	}

	private boolean deleteAll(Connection connection, String id) throws SQLException {
		int deleted = Sql.update(connection, "delete from " + this.tables.subscriptions() + " where id = ?", id);
		Sql.update(connection, "delete from " + this.tables.cursors() + " where subscription_id = ?", id);
		this.replays.delete(connection, id);
		lockDeliveries(connection, id);
		Sql.update(connection, "delete from " + this.tables.deliveries() + " where subscription_id = ?", id);
		return deleted > 0;
	}

	private static SubscriptionRecord record(ResultSet rows) throws SQLException {
		return new SubscriptionRecord(rows.getString("id"), List.of(rows.getString("event_name").split(",")),
				rows.getString("subscriber_type"), rows.getString("config"), rows.getBoolean("active"),
				rows.getString("organization_uuid"), rows.getString("created_from"), rows.getInt("partitions"),
				rows.getString("note"));
	}

	/**
	 * A cursor before the number of partitions changed; {@link PartitionId} no longer
	 * matters.
	 */
	private record OldCursor(long position, long epoch, java.time.@Nullable Instant leaseUntil) {

	}

}
