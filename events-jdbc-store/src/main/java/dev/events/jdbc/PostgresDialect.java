package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import dev.events.store.LocalWakeups;
import dev.events.store.RemoteWakeups;
import dev.events.store.Wakeups;

/**
 * PostgreSQL 12 and newer.
 */
final class PostgresDialect implements Dialect {

	private static final String ASSIGNMENTS = """
			status = excluded.status, attempts = excluded.attempts, due_at = excluded.due_at,
			holding = excluded.holding, discarded = false, last_failed_at = excluded.last_failed_at,
			first_failed_at = coalesce(d.first_failed_at, excluded.first_failed_at),
			error_type = excluded.error_type, error_message = excluded.error_message,
			error_stack = excluded.error_stack, replay = d.replay and excluded.replay""";

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
	public boolean locksMigrations() {
		return true;
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
	public boolean indexesTimes() {
		// every publisher would pay for it
		return false;
	}

	@Override
	public Appender appender(Tables tables) {
		return new PostgresAppender(tables);
	}

	@Override
	public Scheduling scheduling(Tables tables) {
		return new PostgresScheduling(tables);
	}

	@Override
	public String upsertDelivery(Tables tables) {
		return "insert into " + tables.deliveries() + " as d (delivery_id, " + EventRows.COLUMNS
				+ ", subscription_id, position, partition_no, hash, status, attempts, due_at, holding, error_type,"
				+ " error_message, error_stack, replay, first_failed_at, last_failed_at)"
				+ " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::jsonb, ?, ?, ?, ?, ?, ?, " + nowPlusMillis()
				+ ", ?, ?, ?, ?, ?, current_timestamp, current_timestamp)"
				+ " on conflict (subscription_id, position) do update set " + ASSIGNMENTS;
	}

	@Override
	public String insertDelivery(Tables tables) {
		return "insert into " + tables.deliveries() + " as d (delivery_id, " + EventRows.COLUMNS
				+ ", subscription_id, position, partition_no, hash, replay, status, attempts)"
				+ " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::jsonb, ?, ?, ?, ?, ?, 'QUEUED', 0)"
				+ " on conflict (subscription_id, position) do update set replay = false"
				+ " where d.replay and not excluded.replay";
	}

	@Override
	public String upsertNode(Tables tables) {
		return "insert into " + tables.nodes() + " (node_id, started_at, seen_at, alive_until, subscriptions)"
				+ " values (?, current_timestamp, current_timestamp, " + nowPlusMillis() + ", ?)"
				+ " on conflict (node_id) do update set seen_at = excluded.seen_at,"
				+ " alive_until = excluded.alive_until, subscriptions = excluded.subscriptions";
	}

	@Override
	public String upsertLeader(Tables tables) {
		return "insert into " + tables.leaders() + " as l (task, node_id, leads_until) values (?, ?, " + nowPlusMillis()
				+ ") on conflict (task) do update set node_id = excluded.node_id, leads_until = excluded.leads_until"
				+ " where l.node_id = excluded.node_id or l.leads_until < " + now();
	}

	@Override
	public String insertSubjectKey(Tables tables) {
		return "insert into " + tables.subjectKeys() + " (subject, generation, wrapped_key, erased_at)"
				+ " select subject, generation, wrapped_key,"
				+ " case when wrapped_key is null then clock_timestamp() end"
				+ " from (values (cast(? as text), cast(? as integer), cast(? as text)))"
				+ " as v(subject, generation, wrapped_key) on conflict (subject) do nothing";
	}

	@Override
	public String insertProcess(Tables tables) {
		return "insert into " + tables.processes() + " (process, process_key, version, status, state, due_at)"
				+ " values (?, ?, ?, ?, ?, ?) on conflict (process, process_key) do nothing";
	}

	@Override
	public void limitLockWait(Connection connection) throws SQLException {
		Sql.update(connection, "set local lock_timeout = 2000");
	}

	@Override
	public String lockWait(Connection connection) throws SQLException {
		return Sql.query(connection, "select current_setting('lock_timeout') as present", (rows) -> rows.getString(1))
			.get(0);
	}

	@Override
	public void restoreLockWait(Connection connection, String lockWait) throws SQLException {
		Sql.query(connection, "select set_config('lock_timeout', ?, true)", (rows) -> rows.getString(1), lockWait);
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
		return new RemoteWakeups(new NotifyChannel(database, tables), NotifyChannel.PAUSE);
	}

}
