package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import dev.events.EventStoreException;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * Releases in a transaction that locks what is due from the first one on, so that a
 * second one waits until it has ended. Whoever cancels without committing holds up all of
 * them: H2 is for development.
 */
final class H2Scheduling implements Scheduling {

	private static final int COLUMNS = 12;

	private final String add;

	private final String due;

	private final String types;

	private final String move;

	private final String delete;

	H2Scheduling(Tables tables, String now) {
		this.add = "insert into " + tables.schedule() + " (" + EventRows.COLUMNS + ", due_at) select "
				+ "?, ".repeat(COLUMNS) + "? where not exists (select 1 from " + tables.schedule()
				+ " where id = ?) and not exists (select 1 from " + tables.store() + " where id = ?)";
		this.due = "select number from " + tables.schedule() + " where due_at <= " + now
				+ " order by due_at, number fetch first ? rows only for update";
		String taken = " from " + tables.schedule() + " where number = any(?)";
		String unknown = taken + " and id not in (select id from " + tables.store() + ")";
		this.types = "select event_type" + unknown + " order by due_at, number";
		this.move = "insert into " + tables.store() + " (" + EventRows.COLUMNS + ") select " + EventRows.COLUMNS
				+ unknown + " order by due_at, number";
		this.delete = "delete" + taken;
	}

	@Override
	public boolean add(Connection connection, EventRecord event, Instant dueAt) throws SQLException {
		@Nullable Object[] parameters = Arrays.copyOf(EventRows.values(event), COLUMNS + 3);
		parameters[COLUMNS] = dueAt;
		parameters[COLUMNS + 1] = event.id();
		parameters[COLUMNS + 2] = event.id();
		try {
			return Sql.update(connection, this.add, parameters) > 0;
		}
		catch (SQLException ex) {
			// another transaction has scheduled the id since we looked
			if (H2Dialect.UNIQUE_VIOLATION.equals(ex.getSQLState())) {
				return false;
			}
			throw ex;
		}
	}

	@Override
	public List<String> release(Database database, int limit) {
		try {
			return database.transaction("release scheduled events", (connection) -> release(connection, limit));
		}
		catch (EventStoreException ex) {
			if (Database.isLocked(ex)) {
				return List.of();
			}
			throw ex;
		}
	}

	private List<String> release(Connection connection, int limit) throws SQLException {
		List<Long> due = Sql.query(connection, this.due, (rows) -> rows.getLong(1), limit);
		if (due.isEmpty()) {
			return List.of();
		}
		Object taken = connection.createArrayOf("bigint", due.toArray());
		List<String> types = Sql.query(connection, this.types, (rows) -> rows.getString(1), taken);
		Sql.update(connection, this.move, taken);
		Sql.update(connection, this.delete, taken);
		return types;
	}

}
