package dev.events.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.LocalWakeups;
import dev.events.store.Wakeups;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 12 and newer.
 */
final class PostgresDialect implements Dialect {

	private static final String ASSIGNMENTS = """
			status = excluded.status, attempts = excluded.attempts, due_at = excluded.due_at,
			holding = excluded.holding, discarded = false, last_failed_at = excluded.last_failed_at,
			first_failed_at = coalesce(d.first_failed_at, excluded.first_failed_at),
			error_type = excluded.error_type, error_message = excluded.error_message,
			error_stack = excluded.error_stack""";

	@Override
	public String name() {
		return "PostgreSQL";
	}

	@Override
	public boolean hasLateral() {
		return true;
	}

	@Override
	public String migrations() {
		return "postgresql";
	}

	@Override
	public String now() {
		return "clock_timestamp()";
	}

	@Override
	public String nowPlusMillis() {
		return "clock_timestamp() + ? * interval '1 millisecond'";
	}

	@Override
	public String json() {
		return "?::json";
	}

	@Override
	public String jsonObject() {
		return "?::jsonb";
	}

	@Override
	public String metadataContains() {
		return "metadata @> ?::jsonb";
	}

	@Override
	public String typeMatches() {
		return "event_type ~ ?";
	}

	@Override
	public String correlationIs() {
		// the index is on these only
		return "correlation_id = ? and correlation_id <> id::text";
	}

	@Override
	public List<Long> append(Connection connection, Tables tables, List<EventRecord> events) throws SQLException {
		if (events.size() == 1) {
			String sql = "insert into " + tables.store() + " (" + EventRows.COLUMNS
					+ ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::jsonb)"
					+ " on conflict (id) do nothing returning position";
			List<Long> positions = Sql.query(connection, sql, (rows) -> rows.getLong(1),
					EventRows.values(events.get(0)));
			return List.of(positions.isEmpty() ? EventLog.DUPLICATE : positions.get(0));
		}
		String sql = "insert into " + tables.store() + " (" + EventRows.COLUMNS + ")"
				+ " select id, t, v, s, k, o, u, r, a, w, d::json, m::jsonb from unnest(?::uuid[], ?::text[], ?::text[],"
				+ " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[],"
				+ " ?::text[]) with ordinality as e(id, t, v, s, k, o, u, r, a, w, d, m, n) order by n"
				+ " on conflict (id) do nothing returning id, position";
		Map<UUID, Long> positions = new HashMap<>();
		Sql.query(connection, sql, (rows) -> positions.put(rows.getObject(1, UUID.class), rows.getLong(2)),
				columns(connection, events));
		List<Long> result = new ArrayList<>(events.size());
		for (EventRecord event : events) {
			// a second event with the same id in the list finds nothing left
			Long position = positions.remove(event.id());
			result.add((position != null) ? position : Long.valueOf(EventLog.DUPLICATE));
		}
		return result;
	}

	private static @Nullable Object[] columns(Connection connection, List<EventRecord> events) throws SQLException {
		return new @Nullable Object[] { array(connection, "uuid", events, EventRecord::id),
				array(connection, "text", events, EventRecord::type),
				array(connection, "text", events, EventRecord::version),
				array(connection, "text", events, EventRecord::source),
				array(connection, "text", events, EventRecord::key),
				array(connection, "text", events, EventRecord::organization),
				array(connection, "text", events, EventRecord::user),
				array(connection, "text", events, EventRecord::correlationId),
				array(connection, "text", events, EventRecord::causationId),
				array(connection, "timestamptz", events,
						(event) -> OffsetDateTime.ofInstant(event.timestamp(), ZoneOffset.UTC)),
				array(connection, "text", events, EventRecord::data),
				array(connection, "text", events, EventRows::metadata) };
	}

	private static Array array(Connection connection, String type, List<EventRecord> events,
			Function<EventRecord, @Nullable Object> column) throws SQLException {
		return connection.createArrayOf(type, events.stream().map(column).toArray());
	}

	@Override
	public String upsertDelivery(Tables tables) {
		return "insert into " + tables.deliveries() + " as d (delivery_id, " + EventRows.COLUMNS
				+ ", subscription_id, position, partition_no, hash, status, attempts, due_at, holding, error_type,"
				+ " error_message, error_stack, first_failed_at, last_failed_at)"
				+ " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::jsonb, ?, ?, ?, ?, ?, ?, " + nowPlusMillis()
				+ ", ?, ?, ?, ?, current_timestamp, current_timestamp)"
				+ " on conflict (subscription_id, position) do update set " + ASSIGNMENTS;
	}

	@Override
	public String insertDelivery(Tables tables) {
		return "insert into " + tables.deliveries() + " (delivery_id, " + EventRows.COLUMNS
				+ ", subscription_id, position, partition_no, hash, status, attempts)"
				+ " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::jsonb, ?, ?, ?, ?, 'QUEUED', 0)"
				+ " on conflict (subscription_id, position) do nothing";
	}

	@Override
	public String upsertNode(Tables tables) {
		return "insert into " + tables.nodes() + " (node_id, started_at, seen_at, alive_until, subscriptions)"
				+ " values (?, current_timestamp, current_timestamp, " + nowPlusMillis() + ", ?)"
				+ " on conflict (node_id) do update set seen_at = excluded.seen_at,"
				+ " alive_until = excluded.alive_until, subscriptions = excluded.subscriptions";
	}

	@Override
	public void limitLockWait(Connection connection) throws SQLException {
		Sql.update(connection, "set local lock_timeout = 2000");
	}

	@Override
	public Horizon horizon(Tables tables, JdbcEventStoreSettings settings) {
		return new PostgresHorizon(tables);
	}

	@Override
	public Wakeups wakeups(Database database, Tables tables, JdbcEventStoreSettings settings) {
		if (!settings.notifications()) {
			return new LocalWakeups();
		}
		return new PostgresWakeups(database, tables, new NotifyListeners(database, tables));
	}

}
