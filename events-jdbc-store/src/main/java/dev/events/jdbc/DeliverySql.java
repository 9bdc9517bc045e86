package dev.events.jdbc;

import java.util.ArrayList;
import java.util.List;

import dev.events.DeadLetters;
import org.jspecify.annotations.Nullable;

/**
 * SQL text on deliveries. A delivery is live while later ones of its key have to wait for
 * it.
 */
final class DeliverySql {

	/** A dead letter: also one that was skipped and still has its key to let go. */
	static final String DEAD = "(status = 'DEAD' or status = 'RELEASED' and not discarded)";

	// so are those of a checkpoint: whoever locks several rows does it in this order, and
	// no two wait for each other
	private static final String LOCK_IN_ORDER = " order by subscription_id, position";

	private static final String KEYS = "(subscription_id, position) in (select s, p from unnest(?, ?) as w(s, p))";

	private static final String PARTITION = "subscription_id = ? and partition_no = ?";

	private static final String BLOCKER = "(status in ('PARKED', 'RELEASED') or status = 'DEAD' and holding)";

	private static final String LIVE = "(status in ('PARKED', 'QUEUED', 'RELEASED') or status = 'DEAD' and holding)";

	private final String table;

	private final Dialect dialect;

	DeliverySql(Tables tables, Dialect dialect) {
		this.table = tables.deliveries();
		this.dialect = dialect;
	}

	String select(String condition) {
		return "select delivery_id, subscription_id, partition_no, position, " + EventRows.COLUMNS
				+ ", status, attempts, holding, replay, first_failed_at, last_failed_at, error_type, error_message,"
				+ " error_stack from " + this.table + " d where " + condition;
	}

	String count(String condition) {
		return "select count(*) from " + this.table + " where " + condition;
	}

	/**
	 * Subscriptions, partitions, limit; the limit twice where {@link #dueIsByPartition}.
	 */
	String due() {
		String earlier = "select 1 from " + this.table + " e where e.subscription_id = d.subscription_id"
				+ " and e.partition_no = d.partition_no and e.event_key = d.event_key and e.position < d.position and "
				+ LIVE.replace("status", "e.status").replace("holding", "e.holding");
		// current_timestamp does not change during the statement, so an index can be used
		// for it
		if (dueIsByPartition()) {
			return select("(d.subscription_id, d.position) in (select k.subscription_id, k.position"
					+ " from unnest(?, ?) as w(s, p) cross join lateral (select d.subscription_id, d.position, d.due_at"
					+ " from " + this.table + " d where d.subscription_id = w.s and d.partition_no = w.p"
					+ " and d.status in ('PARKED', 'RELEASED') and d.due_at <= current_timestamp and not exists ("
					+ earlier + ") order by d.due_at, d.position limit ?) k order by k.due_at, k.position limit ?)"
					+ " order by due_at, position");
		}
		return select("status in ('PARKED', 'RELEASED') and due_at <= current_timestamp"
				+ " and (subscription_id, partition_no) in (select s, p from unnest(?, ?) as w(s, p))"
				+ " and not exists (" + earlier + ") order by due_at, position fetch first ? rows only");
	}

	/** Whether each partition is searched for itself, in the order of the index. */
	boolean dueIsByPartition() {
		return this.dialect.hasLateral();
	}

	/** Subscription, partition, key. */
	String lowestBlocker() {
		return "select min(position) from " + this.table + " where " + PARTITION + " and event_key = ? and " + BLOCKER;
	}

	/** Subscription, partition, key, position before which, limit. */
	String queued() {
		return select(PARTITION
				+ " and event_key = ? and status = 'QUEUED' and position < ? order by position fetch first ? rows only");
	}

	/** Subscription, partition. */
	String keys() {
		return "select event_key, min(position) as lowest,"
				+ " min(case when status = 'QUEUED' then position end) as lowest_queued from " + this.table + " where "
				+ PARTITION + " and event_key is not null and " + LIVE + " group by event_key";
	}

	/** Subscription, partition, position. */
	String positionsAhead() {
		return "select position from " + this.table + " where " + PARTITION + " and position > ?";
	}

	/** Subscription, positions. */
	String stored() {
		return "select position from " + this.table + " where subscription_id = ? and position = any(?)";
	}

	/** Subscription, partition. */
	String waiting() {
		return count(PARTITION + " and status <> 'DEAD'");
	}

	/**
	 * Finds and locks deliveries. Parameters of the condition, subscription and position
	 * after which, limit.
	 */
	String lockPage(Condition condition) {
		return "select subscription_id, position from " + this.table + " where " + condition.sql()
				+ " and (subscription_id, position) > (?, ?)" + LOCK_IN_ORDER + " fetch first ? rows only for update";
	}

	/** Locks deliveries. Subscriptions, positions. */
	String lock() {
		return "select position from " + this.table + " where " + KEYS + LOCK_IN_ORDER + " for update";
	}

	/** Locks the deliveries of a subscription. */
	String lockSubscription() {
		return "select position from " + this.table + " where subscription_id = ?" + LOCK_IN_ORDER + " for update";
	}

	/** Subscriptions, positions. */
	String retryAll() {
		return retry() + KEYS;
	}

	/** Subscriptions, positions. */
	String discardAll() {
		return delete() + KEYS + " and not holding";
	}

	/** Subscriptions, positions. */
	String releaseAll() {
		return release(true) + KEYS + " and holding";
	}

	String retry() {
		return "update " + this.table + " set status = 'PARKED', attempts = 0, holding = false, discarded = false,"
				+ " due_at = current_timestamp where ";
	}

	/** Data, id. */
	String edit() {
		return "update " + this.table + " set data = " + this.dialect.json() + " where delivery_id = ?";
	}

	String release(boolean discarded) {
		return "update " + this.table + " set status = 'RELEASED', discarded = " + discarded
				+ ", due_at = current_timestamp where ";
	}

	String delete() {
		return "delete from " + this.table + " where ";
	}

	String counts() {
		return "select subscription_id, sum(case when status = 'DEAD' then 0 else 1 end)," + " sum(case when " + DEAD
				+ " then 1 else 0 end) from " + this.table + " group by subscription_id order by subscription_id";
	}

	Condition condition(DeadLetters.Filter filter) {
		StringBuilder sql = new StringBuilder(DEAD);
		List<@Nullable Object> parameters = new ArrayList<>();
		if (filter.subscription() != null) {
			sql.append(" and subscription_id = ?");
			parameters.add(filter.subscription());
		}
		if (filter.type() != null) {
			sql.append(" and ").append(this.dialect.typeMatches());
			parameters.add(filter.type().regex());
		}
		return new Condition(sql.toString(), parameters);
	}

	/**
	 * A condition with its parameters.
	 *
	 * @param sql condition
	 * @param parameters parameters
	 */
	record Condition(String sql, List<@Nullable Object> parameters) {

	}

}
