package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import javax.sql.DataSource;

import dev.events.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Connections of the data source: those of the caller's transaction, and our own, which
 * are never part of it.
 */
final class Database {

	// of PostgreSQL and H2
	private static final Set<String> MISSING_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");

	private final DataSource dataSource;

	private volatile @Nullable PoolDefaults defaults;

	Database(DataSource dataSource) {
		this.dataSource = unwrap(dataSource);
	}

	private static DataSource unwrap(DataSource dataSource) {
		DataSource target = dataSource;
		while (target instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
			target = proxy.getTargetDataSource();
		}
		return target;
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	/**
	 * Works on a connection of its own where every statement is a transaction of its own
	 * and sees what is committed when it begins.
	 */
	<T> T autocommit(String what, Work<T> work) {
		return own(what, true, work);
	}

	/**
	 * Works in a transaction of its own, with READ COMMITTED: rows that another node has
	 * just changed are looked at again instead of being refused.
	 */
	<T> T transaction(String what, Work<T> work) {
		return own(what, false, (connection) -> commit(connection, work));
	}

	private <T> T own(String what, boolean autocommit, Work<T> work) {
		try (Connection connection = this.dataSource.getConnection()) {
			PoolDefaults defaults = defaults(connection);
			if (connection.getAutoCommit() != autocommit) {
				connection.setAutoCommit(autocommit);
			}
			if (!defaults.readCommitted()) {
				connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
			}
			try {
				return work.on(connection);
			}
			finally {
				defaults.restore(connection);
			}
		}
		catch (SQLException ex) {
			throw failure(what, ex);
		}
	}

	/** How the pool hands out connections, which is asked once. */
	private PoolDefaults defaults(Connection connection) throws SQLException {
		PoolDefaults known = this.defaults;
		if (known == null) {
			known = PoolDefaults.of(connection);
			this.defaults = known;
		}
		return known;
	}

	private static <T> T commit(Connection connection, Work<T> work) throws SQLException {
		try {
			T result = work.on(connection);
			connection.commit();
			return result;
		}
		catch (SQLException | RuntimeException | Error ex) {
			try {
				connection.rollback();
			}
			catch (SQLException rollback) {
				ex.addSuppressed(rollback);
			}
			throw ex;
		}
	}

	/**
	 * Works in the caller's transaction on this data source; see
	 * {@link #inTransaction()}.
	 */
	<T> T joined(String what, Work<T> work) {
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			return work.on(connection);
		}
		catch (SQLException ex) {
			throw failure(what, ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	/**
	 * Works in the caller's transaction on this data source if there is one, else in its
	 * own.
	 */
	<T> T joinedOrOwn(String what, Work<T> work) {
		return inTransaction() ? joined(what, work) : transaction(what, work);
	}

	/**
	 * Whether the caller is in a transaction of any resource that Spring knows, whose end
	 * we can still hear of. While callbacks run after completion it is over, although
	 * Spring still calls it active.
	 */
	static boolean inAnyTransaction() {
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.isSynchronizationActive();
	}

	/**
	 * Whether the caller is in a transaction on this very data source. A transaction
	 * manager of something else may be active while a connection of ours is merely kept
	 * open for the time of its transaction; that one is in auto-commit mode, unless the
	 * pool has that switched off.
	 */
	boolean inTransaction() {
		if (!inAnyTransaction()) {
			return false;
		}
		if (!(TransactionSynchronizationManager.getResource(this.dataSource) instanceof ConnectionHolder holder)) {
			return false;
		}
		try {
			PoolDefaults known = this.defaults;
			boolean mayBeMerelyKeptOpen = known != null && !known.autocommit() && keepsConnectionsOpen();
			return !mayBeMerelyKeptOpen && !holder.getConnection().getAutoCommit();
		}
		catch (SQLException ex) {
			throw failure("look at the transaction", ex);
		}
	}

	/**
	 * Whether Spring keeps some connection open for a transaction that did not begin on
	 * it; there is no other sign of that than how it wants to hear of the end.
	 */
	private static boolean keepsConnectionsOpen() {
		return TransactionSynchronizationManager.getSynchronizations()
			.stream()
			.anyMatch((synchronization) -> synchronization.getClass().getEnclosingClass() == DataSourceUtils.class);
	}

	static EventStoreException failure(String what, SQLException ex) {
		String state = (ex.getSQLState() != null) ? ex.getSQLState() : "";
		String reason;
		if ("25006".equals(state) || "90097".equals(state)) {
			reason = "the transaction is read-only: publish in one that may write, @Transactional without readOnly = true";
		}
		else if (isUnreachable(ex)) {
			reason = "the database cannot be reached";
		}
		else if (MISSING_TABLE.contains(state)) {
			reason = "its tables are missing: let events.jdbc.migrate be true, or apply the migrations yourself";
		}
		else {
			// messages of databases may quote values; the cause has them
			reason = "the database refused, SQL state " + state;
		}
		return new EventStoreException("The event store could not " + what + ": " + reason, ex);
	}

	static boolean isUnreachable(SQLException ex) {
		String state = (ex.getSQLState() != null) ? ex.getSQLState() : "";
		return state.startsWith("08") || state.startsWith("57P") || ex instanceof SQLTransientConnectionException;
	}

	/**
	 * What is done on a connection.
	 *
	 * @param <T> its result
	 */
	interface Work<T> {

		T on(Connection connection) throws SQLException;

	}

}
