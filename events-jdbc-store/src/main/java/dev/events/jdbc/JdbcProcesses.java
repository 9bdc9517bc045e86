package dev.events.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.store.DeliveryOverException;
import dev.events.store.OpenDelivery;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessCount;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.Processes;
import org.jspecify.annotations.Nullable;

/**
 * Processes as rows. The version in the condition of an update is what makes one of
 * several steps win: the others wait for its end, and find no row with that version any
 * more. Events are appended behind that, so that nobody waits while holding a position of
 * the log, which would hold up its readers.
 */
final class JdbcProcesses implements Processes {

	private static final String COLUMNS = "process, process_key, version, status, state, due_at, created_at, changed_at";

	private final Database database;

	private final CallersWork callersWork;

	private final Appender appender;

	private final OpenDeliverySql deliveries;

	private final String select;

	private final String due;

	private final String counts;

	private final String insert;

	private final String update;

	private final String delete;

	JdbcProcesses(Database database, Tables tables, Dialect dialect, CallersWork callersWork) {
		this.database = database;
		this.callersWork = callersWork;
		this.appender = dialect.appender(tables);
		this.deliveries = new OpenDeliverySql(tables);
		this.select = "select " + COLUMNS + " from " + tables.processes() + " where process = ?";
		this.due = this.select + " and due_at <= " + dialect.now() + " order by due_at fetch first ? rows only";
		this.counts = "select process, status, count(*) as number from " + tables.processes()
				+ " group by process, status";
		this.insert = dialect.insertProcess(tables);
		this.update = "update " + tables.processes()
				+ " set version = ?, status = ?, state = ?, due_at = ?, changed_at = " + dialect.now()
				+ " where process = ? and process_key = ? and version = ?";
		this.delete = "delete from " + tables.processes() + " where process = ? and process_key = ? and version = ?";
	}

	@Override
	public Optional<ProcessRecord> find(String process, String key) {
		return this.database.joinedOrAutocommit("read a process", (connection) -> find(connection, process, key));
	}

	private Optional<ProcessRecord> find(Connection connection, String process, String key) throws SQLException {
		return Sql.queryOne(connection, this.select + " and process_key = ?", JdbcProcesses::record, process, key);
	}

	@Override
	public List<ProcessRecord> list(String process, @Nullable String status, @Nullable String after, int limit) {
		// every key is greater than nothing
		String from = (after != null) ? after : "";
		String order = " and process_key > ? order by process_key fetch first ? rows only";
		return this.database.autocommit("read processes",
				(connection) -> (status != null)
						? Sql.query(connection, this.select + " and status = ?" + order, JdbcProcesses::record, process,
								status, from, limit)
						: Sql.query(connection, this.select + order, JdbcProcesses::record, process, from, limit));
	}

	@Override
	public List<ProcessRecord> due(String process, int limit) {
		return this.database.autocommit("look for processes that are due",
				(connection) -> Sql.queryPlannedAnew(connection, this.due, JdbcProcesses::record, process, limit));
	}

	@Override
	public List<ProcessCount> counts() {
		return this.database.autocommit("count processes",
				(connection) -> Sql.query(connection, this.counts, (rows) -> new ProcessCount(rows.getString("process"),
						rows.getString("status"), rows.getLong("number"))));
	}

	@Override
	public Optional<List<Long>> commit(ProcessChange change) {
		boolean oneStatement = change.events().isEmpty() && (change.delivery() == null || !isNew(change));
		return this.callersWork.execute("make a step of a process", oneStatement, (connection) -> {
			boolean done = isDone(connection, change);
			OpenDelivery delivery = change.delivery();
			if (delivery != null && (!done || isNew(change)) && !this.deliveries.isOpen(connection, delivery)) {
				throw new DeliveryOverException(delivery);
			}
			if (!done) {
				return Optional.empty();
			}
			return Optional
				.of(change.events().isEmpty() ? List.of() : this.appender.append(connection, change.events()));
		});
	}

	/**
	 * Whether there was nothing that could tell that it has changed. Then whether the
	 * delivery is open is asked behind the insert, by a statement that sees what is
	 * committed when it begins: from the insert on all others who want to change the
	 * process wait for us, so what we see is how it is at our commit.
	 */
	private static boolean isNew(ProcessChange change) {
		return change.expected() == ProcessChange.NOT_THERE;
	}

	private boolean isDone(Connection connection, ProcessChange change) throws SQLException {
		ProcessState state = change.state();
		if (!isNew(change)) {
			return change(connection, change, state) > 0;
		}
		if (state == null) {
			return find(connection, change.process(), change.key()).isEmpty();
		}
		try {
			return Sql.update(connection, this.insert, change.process(), change.key(), newVersion(), state.status(),
					state.data(), state.dueAt()) > 0;
		}
		catch (SQLException ex) {
			if (Database.isDuplicate(ex)) {
				// on H2 only, where that leaves the transaction as it was
				return false;
			}
			throw ex;
		}
	}

	/**
	 * Updates or deletes the row. Whether the delivery is open may be decided a moment
	 * before the row is found with its version: had it been handled by somebody else in
	 * between, the version would be another one.
	 */
	private int change(Connection connection, ProcessChange change, @Nullable ProcessState state) throws SQLException {
		List<@Nullable Object> parameters = new ArrayList<>();
		if (state != null) {
			parameters.add(newVersion());
			parameters.add(state.status());
			parameters.add(state.data());
			parameters.add(state.dueAt());
		}
		parameters.addAll(List.of(change.process(), change.key(), change.expected()));
		String sql = (state != null) ? this.update : this.delete;
		OpenDelivery delivery = change.delivery();
		if (delivery != null) {
			sql += this.deliveries.and(delivery);
			parameters.addAll(this.deliveries.parameters(delivery));
		}
		return Sql.update(connection, sql, parameters.toArray());
	}

	/**
	 * Random, because a counter in the row would begin anew with a row that is created
	 * again.
	 */
	private static long newVersion() {
		return ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
	}

	private static ProcessRecord record(ResultSet rows) throws SQLException {
		ProcessState state = new ProcessState(rows.getString("status"), rows.getString("state"),
				Sql.nullableInstant(rows, "due_at"));
		return new ProcessRecord(rows.getString("process"), rows.getString("process_key"), rows.getLong("version"),
				state, Sql.instant(rows, "created_at"), Sql.instant(rows, "changed_at"));
	}

}
