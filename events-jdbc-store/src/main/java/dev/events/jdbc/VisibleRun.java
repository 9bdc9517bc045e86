package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Positions that can be seen and follow a settled one without a hole. They are settled,
 * whoever may still publish: who follows the log does not ask any further for them, so
 * neither may who looks for its head.
 */
final class VisibleRun {

	private static final int PAGE = 1000;

	private final String next;

	VisibleRun(Tables tables) {
		this.next = "select position from " + tables.store()
				+ " where position > ? order by position fetch first ? rows only";
	}

	/** The last of them, or the settled position itself. */
	long end(Connection connection, long settled) throws SQLException {
		long end = settled;
		while (true) {
			List<Long> next = Sql.query(connection, this.next, (rows) -> rows.getLong(1), end, PAGE);
			for (long position : next) {
				if (position != end + 1) {
					return end;
				}
				end = position;
			}
			if (next.size() < PAGE) {
				return end;
			}
		}
	}

}
