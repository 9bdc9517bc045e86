package dev.events.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.store.EventRecord;
import dev.events.store.Released;
import dev.events.store.Schedule;
import dev.events.store.SchedulePlace;
import dev.events.store.ScheduledRecord;
import org.jspecify.annotations.Nullable;

/**
 * Scheduled events as rows, which become rows of the log.
 */
final class JdbcSchedule implements Schedule {

	private final Database database;

	private final CallersWork callersWork;

	private final Scheduling scheduling;

	private final String select;

	private final String delete;

	private final String count;

	private final String next;

	JdbcSchedule(Database database, Tables tables, Dialect dialect, CallersWork callersWork) {
		this.database = database;
		this.callersWork = callersWork;
		this.scheduling = dialect.scheduling(tables);
		this.select = "select number, due_at, " + EventRows.COLUMNS + " from " + tables.schedule();
		this.delete = "delete from " + tables.schedule() + " where id = ?";
		this.count = "select count(*) from " + tables.schedule();
		this.next = "select " + dialect.now() + " as present, (select due_at from " + tables.schedule()
				+ " order by due_at, number fetch first 1 row only) as next_at";
	}

	@Override
	public List<Boolean> add(List<EventRecord> events, Instant dueAt) {
		return this.callersWork.execute("schedule events", events.size() == 1, (connection) -> {
			List<Boolean> added = new ArrayList<>(events.size());
			for (EventRecord event : events) {
				added.add(this.scheduling.add(connection, event, dueAt));
			}
			return List.copyOf(added);
		});
	}

	@Override
	public boolean cancel(UUID id) {
		return this.callersWork.execute("cancel a scheduled event", true,
				(connection) -> Sql.update(connection, this.delete, id)) > 0;
	}

	@Override
	public Optional<ScheduledRecord> find(UUID id) {
		return this.database.autocommit("read a scheduled event",
				(connection) -> Sql.queryOne(connection, this.select + " where id = ?", JdbcSchedule::scheduled, id));
	}

	@Override
	public List<ScheduledRecord> list(@Nullable SchedulePlace after, int limit) {
		String order = " order by due_at, number fetch first ? rows only";
		return this.database.autocommit("read scheduled events",
				(connection) -> (after != null)
						? Sql.query(connection, this.select + " where (due_at, number) > (?, ?)" + order,
								JdbcSchedule::scheduled, after.dueAt(), after.number(), limit)
						: Sql.query(connection, this.select + order, JdbcSchedule::scheduled, limit));
	}

	@Override
	public long count() {
		return this.database.autocommit("count scheduled events",
				(connection) -> Sql.queryLong(connection, this.count));
	}

	@Override
	public Released release(int limit) {
		Released before = this.database.autocommit("look for scheduled events",
				(connection) -> next(connection, List.of()));
		if (before.next() == null || before.next().isAfter(before.now())) {
			return before;
		}
		List<String> types = this.scheduling.release(this.database, limit);
		return this.database.autocommit("look for scheduled events", (connection) -> next(connection, types));
	}

	private Released next(Connection connection, List<String> types) throws SQLException {
		return Sql
			.query(connection, this.next,
					(rows) -> new Released(types, Sql.instant(rows, "present"), Sql.nullableInstant(rows, "next_at")))
			.get(0);
	}

	private static ScheduledRecord scheduled(ResultSet rows) throws SQLException {
		return new ScheduledRecord(new SchedulePlace(Sql.instant(rows, "due_at"), rows.getLong("number")),
				EventRows.event(rows));
	}

}
