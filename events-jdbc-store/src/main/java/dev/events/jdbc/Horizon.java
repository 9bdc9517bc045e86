package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Finds out up to where the log is settled: which positions that cannot be seen now will
 * never be seen. The connection is in auto-commit mode, so each statement sees what is
 * committed when it begins.
 */
interface Horizon {

	/**
	 * Positions up to the answer can be taken as they are seen by a statement that begins
	 * after this call returns.
	 * @param drawn a position that is known to have been drawn, as are all below it
	 * @return at most {@code drawn}
	 */
	long settled(Connection connection, long drawn) throws SQLException;

	/**
	 * A settled position as near as possible to the end of the log, and not in front of
	 * one that has been followed.
	 */
	long head(Connection connection) throws SQLException;

}
