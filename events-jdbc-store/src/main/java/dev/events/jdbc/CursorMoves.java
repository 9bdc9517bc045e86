package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Moves all cursors of a subscription, whose row is locked.
 */
final class CursorMoves {

	private final Tables tables;

	CursorMoves(Tables tables) {
		this.tables = tables;
	}

	int rewind(Connection connection, String subscription, long position) throws SQLException {
		Sql.update(connection, "update " + this.tables.subscriptions() + " set former_positions = null where id = ?",
				subscription);
		return move(connection, subscription, "least", position);
	}

	int fastForward(Connection connection, String subscription, long position) throws SQLException {
		return move(connection, subscription, "greatest", position);
	}

	/**
	 * Old owners are fenced off at once by the new epochs, but may still be inside a
	 * handler: so nobody gets a cursor before the last old lease has run out.
	 */
	private int move(Connection connection, String subscription, String which, long position) throws SQLException {
		List<Old> old = Sql.query(connection,
				"select epoch, lease_until from " + this.tables.cursors()
						+ " where subscription_id = ? order by partition_no for update",
				(rows) -> new Old(rows.getLong(1), Sql.nullableInstant(rows, "lease_until")), subscription);
		long epoch = old.stream().mapToLong(Old::epoch).max().orElse(0) + 1;
		Instant leased = old.stream()
			.flatMap((cursor) -> Stream.ofNullable(cursor.leaseUntil))
			.max(Comparator.naturalOrder())
			.orElse(null);
		return Sql.update(connection,
				"update " + this.tables.cursors() + " set position = " + which
						+ "(position, ?), epoch = ?, owner = ?, lease_until = ? where subscription_id = ?",
				position, epoch, (leased != null) ? JdbcCursors.NOBODY : null, leased, subscription);
	}

	/**
	 * A cursor before the move.
	 */
	private record Old(long epoch, @Nullable Instant leaseUntil) {

	}

}
