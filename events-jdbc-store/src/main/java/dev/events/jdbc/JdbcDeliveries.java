package dev.events.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import dev.events.DeadLetters;
import dev.events.store.Deliveries;
import dev.events.store.DeliveryChange.Failure;
import dev.events.store.DeliveryCounts;
import dev.events.store.DeliveryStatus;
import dev.events.store.KeyQueue;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries as rows.
 */
final class JdbcDeliveries implements Deliveries {

	private static final int PAGE = 500;

	private final Database database;

	private final DeliverySql sql;

	JdbcDeliveries(Database database, Tables tables, Dialect dialect) {
		this.database = database;
		this.sql = new DeliverySql(tables, dialect);
	}

	@Override
	public List<StoredDelivery> due(Collection<PartitionId> partitions, int limit) {
		if (partitions.isEmpty()) {
			return List.of();
		}
		List<PartitionId> ids = List.copyOf(partitions);
		return this.database.autocommit("read due deliveries", (connection) -> {
			List<@Nullable Object> parameters = new ArrayList<>();
			parameters.add(connection.createArrayOf("varchar", ids.stream().map(PartitionId::subscription).toArray()));
			parameters.add(connection.createArrayOf("integer", ids.stream().map(PartitionId::partition).toArray()));
			if (this.sql.dueIsByPartition()) {
				parameters.add(limit);
			}
			parameters.add(limit);
			return Sql.query(connection, this.sql.due(), JdbcDeliveries::delivery, parameters.toArray());
		});
	}

	@Override
	public KeyQueue queued(PartitionId partition, String key, int limit) {
		return this.database.autocommit("read queued deliveries", (connection) -> {
			@Nullable Long lowest = Sql.query(connection, this.sql.lowestBlocker(), (rows) -> {
				long position = rows.getLong(1);
				return Optional.ofNullable(rows.wasNull() ? null : position);
			}, partition.subscription(), partition.partition(), key).get(0).orElse(null);
			List<StoredDelivery> next = Sql.query(connection, this.sql.queued(), JdbcDeliveries::delivery,
					partition.subscription(), partition.partition(), key, (lowest != null) ? lowest : Long.MAX_VALUE,
					limit);
			return new KeyQueue(lowest != null, next);
		});
	}

	@Override
	public ParkedState parkedState(PartitionId partition, long position) {
		return this.database.transaction("read parked deliveries", (connection) -> {
			Map<String, Long> blocked = new HashMap<>();
			Set<String> ready = new HashSet<>();
			Sql.query(connection, this.sql.keys(), (rows) -> {
				String key = rows.getString("event_key");
				long lowestQueued = rows.getLong("lowest_queued");
				boolean queuedFirst = !rows.wasNull() && lowestQueued == rows.getLong("lowest");
				blocked.put(key, rows.getLong("lowest"));
				return queuedFirst && ready.add(key);
			}, partition.subscription(), partition.partition());
			List<Long> ahead = Sql.query(connection, this.sql.positionsAhead(), (rows) -> rows.getLong(1),
					partition.subscription(), partition.partition(), position);
			long waiting = Sql.queryLong(connection, this.sql.waiting(), partition.subscription(),
					partition.partition());
			return new ParkedState(Map.copyOf(blocked), ready, Set.copyOf(ahead), waiting);
		});
	}

	@Override
	public List<StoredDelivery> deadLetters(DeadLetters.Filter filter, @Nullable UUID after, int limit) {
		DeliverySql.Condition condition = this.sql.condition(filter);
		List<@Nullable Object> parameters = new ArrayList<>(condition.parameters());
		String page = condition.sql();
		if (after != null) {
			page += " and delivery_id > ?";
			parameters.add(after);
		}
		parameters.add(limit);
		String select = this.sql.select(page + " order by delivery_id fetch first ? rows only");
		return this.database.autocommit("read dead letters",
				(connection) -> Sql.query(connection, select, JdbcDeliveries::delivery, parameters.toArray()));
	}

	@Override
	public Optional<StoredDelivery> findDeadLetter(UUID id) {
		return this.database.autocommit("read a dead letter", (connection) -> Sql.queryOne(connection,
				this.sql.select(DeliverySql.DEAD + " and delivery_id = ?"), JdbcDeliveries::delivery, id));
	}

	@Override
	public long countDeadLetters(DeadLetters.Filter filter) {
		DeliverySql.Condition condition = this.sql.condition(filter);
		return this.database.autocommit("count dead letters", (connection) -> Sql.queryLong(connection,
				this.sql.count(condition.sql()), condition.parameters().toArray()));
	}

	@Override
	public int retry(DeadLetters.Filter filter) {
		return inPages("retry dead letters", this.sql.condition(filter),
				(connection, keys) -> Sql.update(connection, this.sql.retryAll(), keys));
	}

	@Override
	public boolean retry(UUID id, @Nullable String data) {
		return this.database.transaction("retry a dead letter", (connection) -> {
			int found = Sql.update(connection, this.sql.retry() + DeliverySql.DEAD + " and delivery_id = ?", id);
			if (found > 0 && data != null) {
				Sql.update(connection, this.sql.edit(), data, id);
			}
			return found > 0;
		});
	}

	@Override
	public boolean skip(UUID id) {
		return this.database.transaction("skip a dead letter", (connection) -> {
			int holding = Sql.update(connection,
					this.sql.release(false) + DeliverySql.DEAD + " and holding and delivery_id = ?", id);
			return holding > 0
					|| Sql.queryLong(connection, this.sql.count(DeliverySql.DEAD + " and delivery_id = ?"), id) > 0;
		});
	}

	@Override
	public boolean discard(UUID id) {
		String one = DeliverySql.DEAD + " and delivery_id = ?";
		return this.database.transaction("discard a dead letter", (connection) -> {
			int deleted = Sql.update(connection, this.sql.delete() + one + " and not holding", id);
			return deleted + Sql.update(connection, this.sql.release(true) + one + " and holding", id);
		}) > 0;
	}

	@Override
	public int discard(DeadLetters.Filter filter) {
		return inPages("discard dead letters", this.sql.condition(filter),
				(connection, keys) -> Sql.update(connection, this.sql.discardAll(), keys)
						+ Sql.update(connection, this.sql.releaseAll(), keys));
	}

	/**
	 * Changes all that match, so many at a time that nodes which save their progress do
	 * not wait for long.
	 */
	private int inPages(String what, DeliverySql.Condition condition, PageChange change) {
		String lock = this.sql.lockPage(condition);
		int changed = 0;
		DeliveryKey after = DeliveryKey.BEFORE_ALL;
		while (true) {
			List<@Nullable Object> parameters = new ArrayList<>(condition.parameters());
			parameters.addAll(List.of(after.subscription(), after.position(), PAGE));
			Page page = this.database.transaction(what, (connection) -> {
				List<DeliveryKey> keys = Sql.query(connection, lock, DeliveryKey::of, parameters.toArray());
				int count = keys.isEmpty() ? 0 : change.apply(connection, DeliveryKey.arrays(connection, keys));
				return new Page(keys, count);
			});
			changed += page.changed();
			if (page.keys().size() < PAGE) {
				return changed;
			}
			after = page.keys().get(PAGE - 1);
		}
	}

	@Override
	public Set<Long> stored(String subscription, Collection<Long> positions) {
		return Set.copyOf(this.database.autocommit("look for stored deliveries",
				(connection) -> Sql.query(connection, this.sql.stored(), (rows) -> rows.getLong(1), subscription,
						connection.createArrayOf("bigint", positions.toArray()))));
	}

	@Override
	public List<DeliveryCounts> counts() {
		return this.database.autocommit("count deliveries", (connection) -> Sql.query(connection, this.sql.counts(),
				(rows) -> new DeliveryCounts(rows.getString(1), rows.getLong(2), rows.getLong(3))));
	}

	private static StoredDelivery delivery(ResultSet rows) throws SQLException {
		String errorType = rows.getString("error_type");
		String stack = rows.getString("error_stack");
		Failure failure = (errorType != null)
				? new Failure(errorType, rows.getString("error_message"), (stack != null) ? stack : "") : null;
		return new StoredDelivery(rows.getObject("delivery_id", UUID.class),
				new PartitionId(rows.getString("subscription_id"), rows.getInt("partition_no")),
				rows.getLong("position"), EventRows.event(rows), DeliveryStatus.valueOf(rows.getString("status")),
				rows.getInt("attempts"), rows.getBoolean("holding"), Sql.nullableInstant(rows, "first_failed_at"),
				Sql.nullableInstant(rows, "last_failed_at"), failure, rows.getBoolean("replay"));
	}

	/**
	 * What is done to deliveries that are locked.
	 */
	private interface PageChange {

		int apply(Connection connection, @Nullable Object[] keys) throws SQLException;

	}

	/**
	 * What was done in one transaction.
	 */
	private record Page(List<DeliveryKey> keys, int changed) {

	}

}
