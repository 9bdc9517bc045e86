package dev.events.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;

import org.postgresql.PGStatement;

import org.springframework.util.ClassUtils;

/**
 * Keeps PostgreSQL from keeping the plan of a statement. It is made for the tables as
 * they are at that moment, and one for a table that is empty is very slow when the table
 * no longer is.
 */
final class PlannedAnew {

	private static final boolean KNOWN = ClassUtils.isPresent("org.postgresql.PGStatement",
			PlannedAnew.class.getClassLoader());

	private PlannedAnew() {
	}

	/** Has the statement planned each time that it is executed; if the driver can. */
	static void prepare(PreparedStatement statement) throws SQLException {
		if (KNOWN && statement.isWrapperFor(PGStatement.class)) {
			statement.unwrap(PGStatement.class).setPrepareThreshold(0);
		}
	}

}
