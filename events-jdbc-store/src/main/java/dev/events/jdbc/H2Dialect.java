package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * H2 2.x, for development and tests.
 */
final class H2Dialect implements Dialect {

	static final String UNIQUE_VIOLATION = "23505";

	private static final String EVENT_PARAMETERS = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

	@Override
	public String name() {
		return "H2";
	}

	@Override
	public boolean hasLateral() {
		return false;
	}

	@Override
	public String migrations() {
		return "h2";
	}

	@Override
	public boolean locksMigrations() {
		// its definitions of tables end the transaction, and so every lock, of the
		// migration
		return false;
	}

	@Override
	public String now() {
		return "current_timestamp(6)";
	}

	@Override
	public String nowPlusMillis() {
		return "dateadd(millisecond, ?, current_timestamp(6))";
	}

	@Override
	public String json() {
		return "?";
	}

	@Override
	public String jsonObject() {
		return "?";
	}

	@Override
	public String metadataContains() {
		return "";
	}

	@Override
	public String typeMatches() {
		return "regexp_like(event_type, ?)";
	}

	@Override
	public String correlationIs() {
		return "correlation_id = ?";
	}

	@Override
	public boolean indexesTimes() {
		return true;
	}

	@Override
	public Appender appender(Tables tables) {
		return (connection, events) -> append(connection, tables, events);
	}

	private static List<Long> append(Connection connection, Tables tables, List<EventRecord> events)
			throws SQLException {
		String sql = "select position from final table (insert into " + tables.store() + " (" + EventRows.COLUMNS
				+ ") select " + EVENT_PARAMETERS + " where not exists (select 1 from " + tables.store()
				+ " where id = ?))";
		List<Long> positions = new ArrayList<>(events.size());
		for (EventRecord event : events) {
			@Nullable Object[] values = EventRows.values(event);
			@Nullable Object[] parameters = java.util.Arrays.copyOf(values, values.length + 1);
			parameters[values.length] = event.id();
			positions.add(append(connection, sql, parameters));
		}
		return positions;
	}

	private static long append(Connection connection, String sql, @Nullable Object[] parameters) throws SQLException {
		try {
			List<Long> position = Sql.query(connection, sql, (rows) -> rows.getLong(1), parameters);
			return position.isEmpty() ? EventLog.DUPLICATE : position.get(0);
		}
		catch (SQLException ex) {
			// another transaction had inserted the id, and has committed since we asked
			if (UNIQUE_VIOLATION.equals(ex.getSQLState())) {
				return EventLog.DUPLICATE;
			}
			throw ex;
		}
	}

	@Override
	public Scheduling scheduling(Tables tables) {
		return new H2Scheduling(tables, now());
	}

	@Override
	public String upsertDelivery(Tables tables) {
		return "merge into " + tables.deliveries() + " d using (values (?, " + EVENT_PARAMETERS + ", ?, ?, ?, ?, ?, ?, "
				+ nowPlusMillis() + ", ?, ?, ?, ?, ?)) as v(delivery_id, " + EventRows.COLUMNS
				+ ", subscription_id, position, partition_no, hash, status, attempts, due_at, holding, error_type,"
				+ " error_message, error_stack, replay)"
				+ " on d.subscription_id = v.subscription_id and d.position = v.position"
				+ " when matched then update set status = v.status, attempts = v.attempts, due_at = v.due_at,"
				+ " holding = v.holding, discarded = false, last_failed_at = current_timestamp(6),"
				+ " first_failed_at = coalesce(d.first_failed_at, current_timestamp(6)), error_type = v.error_type,"
				+ " error_message = v.error_message, error_stack = v.error_stack, replay = d.replay and v.replay"
				+ " when not matched then insert (delivery_id, " + EventRows.COLUMNS
				+ ", subscription_id, position, partition_no, hash, status, attempts, due_at, holding, error_type,"
				+ " error_message, error_stack, replay, first_failed_at, last_failed_at) values (v.delivery_id, "
				+ event()
				+ ", v.subscription_id, v.position, v.partition_no, v.hash, v.status, v.attempts, v.due_at, v.holding,"
				+ " v.error_type, v.error_message, v.error_stack, v.replay, current_timestamp(6), current_timestamp(6))";
	}

	@Override
	public String insertDelivery(Tables tables) {
		return "merge into " + tables.deliveries() + " d using (values (?, " + EVENT_PARAMETERS
				+ ", ?, ?, ?, ?, ?)) as v(delivery_id, " + EventRows.COLUMNS
				+ ", subscription_id, position, partition_no, hash, replay)"
				+ " on d.subscription_id = v.subscription_id and d.position = v.position"
				+ " when matched and d.replay and not v.replay then update set replay = false"
				+ " when not matched then insert (delivery_id, " + EventRows.COLUMNS
				+ ", subscription_id, position, partition_no, hash, replay, status, attempts) values (v.delivery_id, "
				+ event() + ", v.subscription_id, v.position, v.partition_no, v.hash, v.replay, 'QUEUED', 0)";
	}

	private static String event() {
		return "v." + EventRows.COLUMNS.replace(", ", ", v.");
	}

	@Override
	public String upsertNode(Tables tables) {
		return "merge into " + tables.nodes() + " n using (values (?, " + nowPlusMillis()
				+ ", ?)) as v(node_id, alive_until, subscriptions) on n.node_id = v.node_id"
				+ " when matched then update set seen_at = current_timestamp(6), alive_until = v.alive_until,"
				+ " subscriptions = v.subscriptions"
				+ " when not matched then insert (node_id, started_at, seen_at, alive_until, subscriptions)"
				+ " values (v.node_id, current_timestamp(6), current_timestamp(6), v.alive_until, v.subscriptions)";
	}

	@Override
	public String upsertLeader(Tables tables) {
		return "merge into " + tables.leaders() + " l using (values (?, ?, " + nowPlusMillis()
				+ ")) as v(task, node_id, leads_until) on l.task = v.task"
				+ " when matched and (l.node_id = v.node_id or l.leads_until < " + now()
				+ ") then update set node_id = v.node_id, leads_until = v.leads_until"
				+ " when not matched then insert (task, node_id, leads_until)"
				+ " values (v.task, v.node_id, v.leads_until)";
	}

	@Override
	public String insertSubjectKey(Tables tables) {
		return "merge into " + tables.subjectKeys() + " k using (values (cast(? as varchar), cast(? as integer),"
				+ " cast(? as varchar))) as v(subject, generation, wrapped_key) on k.subject = v.subject"
				+ " when not matched then insert (subject, generation, wrapped_key, erased_at) values (v.subject,"
				+ " v.generation, v.wrapped_key, case when v.wrapped_key is null then current_timestamp(6) end)";
	}

	@Override
	public String insertProcess(Tables tables) {
		return "insert into " + tables.processes() + " (process, process_key, version, status, state, due_at)"
				+ " values (?, ?, ?, ?, ?, ?)";
	}

	@Override
	public void limitLockWait(Connection connection) {
		// two seconds are H2's default, and a session's own setting would stay with the
		// connection
	}

	@Override
	public String lockWait(Connection connection) {
		return "";
	}

	@Override
	public void restoreLockWait(Connection connection, String lockWait) {
		// nothing was changed
	}

	@Override
	public Horizon horizon(Tables tables, JdbcEventStoreSettings settings) {
		return new H2Horizon(tables, settings.gapTimeout());
	}

}
