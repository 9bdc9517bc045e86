package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How connections come from the pool, and have to be given back.
 *
 * @param autocommit whether each statement commits by itself
 * @param isolation isolation of their transactions
 */
record PoolDefaults(boolean autocommit, int isolation) {

	static PoolDefaults of(Connection connection) throws SQLException {
		boolean autocommit = connection.getAutoCommit();
		int isolation = connection.getTransactionIsolation();
		if (!autocommit) {
			// asking may have begun a transaction
			connection.rollback();
		}
		return new PoolDefaults(autocommit, isolation);
	}

	boolean readCommitted() {
		return this.isolation == Connection.TRANSACTION_READ_COMMITTED;
	}

	void restore(Connection connection) {
		try {
			if (!readCommitted()) {
				// so that a pool's rollback does not take the setting back
				connection.setAutoCommit(true);
				connection.setTransactionIsolation(this.isolation);
			}
			if (connection.getAutoCommit() != this.autocommit) {
				connection.setAutoCommit(this.autocommit);
			}
		}
		catch (SQLException ex) {
			// the work is done, or has failed with an error that says more; a pool throws
			// a broken connection away
		}
	}

}
