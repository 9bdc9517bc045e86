package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import javax.sql.DataSource;

import dev.events.EventStoreException;
import dev.events.UnknownOutcomeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Connections of the data source: those of the caller's transaction, and our own, which
 * are never part of it.
 */
final class Database {

	private static final Logger logger = LoggerFactory.getLogger(Database.class);

	// of PostgreSQL and H2
	private static final Set<String> LOCKED = Set.of("55P03", "HYT00");

	// completion unknown; H2: general error, broken connection, database closed
	private static final Set<String> NO_ANSWER = Set.of("40003", "HY000", "90028", "90031", "90067", "90098", "90121");

	private static final Set<String> MISSING_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");

	private final DataSource dataSource;

	private final CallersTransaction callersTransaction;

	private volatile @Nullable PoolDefaults defaults;

	Database(DataSource dataSource) {
		this.dataSource = DataSourceTargets.ownSource(dataSource);
		this.callersTransaction = new CallersTransaction(this.dataSource);
	}

	/** That of the connections of our own. */
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
	 * Changes something by a single statement on a connection of its own.
	 * @throws UnknownOutcomeException when nobody knows whether it was done
	 */
	<T> T statement(String what, Work<T> work) {
		return own(what, true, (connection) -> {
			try {
				return work.on(connection);
			}
			catch (SQLException ex) {
				throw isRefusal(ex) ? ex : new LostAnswer(ex);
			}
		});
	}

	/**
	 * Works in a transaction of its own, with READ COMMITTED: rows that another node has
	 * just changed are looked at again instead of being refused.
	 * @throws UnknownOutcomeException when nobody knows whether it was committed
	 */
	<T> T transaction(String what, Work<T> work) {
		return own(what, false, (connection) -> commit(connection, work));
	}

	private <T> T own(String what, boolean autocommit, Work<T> work) {
		try {
			Connection connection = this.dataSource.getConnection();
			try {
				return prepared(connection, autocommit, work);
			}
			finally {
				close(connection);
			}
		}
		catch (LostAnswer ex) {
			throw new UnknownOutcomeException("It is not known whether the event store did " + what
					+ ": the connection to the database broke before it had answered", ex.getCause());
		}
		catch (SQLException ex) {
			throw failure(what, ex);
		}
	}

	private <T> T prepared(Connection connection, boolean autocommit, Work<T> work) throws SQLException {
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

	/** What was done is done, or has failed with an error that says more. */
	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be closed", ex);
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
			// until here nothing is done that the database would keep
			commit(connection);
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

	private static void commit(Connection connection) throws SQLException {
		try {
			connection.commit();
		}
		catch (SQLException ex) {
			throw isRefusal(ex) ? ex : new LostAnswer(ex);
		}
	}

	/**
	 * Whether an error is an answer of the database, which then has done nothing. Of a
	 * connection that breaks, a server that shuts down and a driver that does not say
	 * what happened it is not known.
	 */
	private static boolean isRefusal(SQLException ex) {
		String state = ex.getSQLState();
		return state != null && !isUnreachable(ex) && !NO_ANSWER.contains(state);
	}

	/**
	 * Works in the caller's transaction.
	 * @param boundTo the data source it is bound to, see {@link #boundTo()}
	 */
	<T> T joined(DataSource boundTo, String what, Work<T> work) {
		Connection connection = DataSourceUtils.getConnection(boundTo);
		try {
			return work.on(connection);
		}
		catch (SQLException ex) {
			throw failure(what, ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, boundTo);
		}
	}

	/**
	 * Works in the caller's transaction on our database if there is one, else in its own.
	 */
	<T> T joinedOrOwn(String what, Work<T> work) {
		DataSource boundTo = boundTo();
		return (boundTo != null) ? joined(boundTo, what, work) : transaction(what, work);
	}

	/**
	 * Reads on the connection of the caller's transaction on our database if there is
	 * one, for he may hold the last one of the pool, else on one of our own.
	 */
	<T> T joinedOrAutocommit(String what, Work<T> work) {
		DataSource boundTo = boundTo();
		return (boundTo != null) ? joined(boundTo, what, work) : autocommit(what, work);
	}

	/** Whether the caller is in a transaction on our database. */
	boolean inTransaction() {
		return boundTo() != null;
	}

	/**
	 * What the caller's transaction on our database is bound to, or {@code null} when he
	 * is in none.
	 */
	@Nullable DataSource boundTo() {
		PoolDefaults known = this.defaults;
		try {
			return this.callersTransaction.boundTo(known == null || known.autocommit());
		}
		catch (SQLException ex) {
			throw failure("look at the transaction", ex);
		}
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

	/** Whether a row was locked by somebody else for too long. */
	static boolean isLocked(EventStoreException ex) {
		for (Throwable cause = ex.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && sql.getSQLState() != null && LOCKED.contains(sql.getSQLState())) {
				return true;
			}
		}
		return false;
	}

	/** Whether a row with that key is there already. */
	static boolean isDuplicate(EventStoreException ex) {
		return ex.getCause() instanceof SQLException cause && isDuplicate(cause);
	}

	static boolean isDuplicate(SQLException ex) {
		return "23505".equals(ex.getSQLState());
	}

	static boolean isUnreachable(SQLException ex) {
		String state = (ex.getSQLState() != null) ? ex.getSQLState() : "";
		return state.startsWith("08") || state.startsWith("57P") || ex instanceof SQLTransientConnectionException;
	}

	/**
	 * Something may have been done, but nobody has said so.
	 */
	private static final class LostAnswer extends SQLException {

		private static final long serialVersionUID = 1L;

		LostAnswer(SQLException cause) {
			super(cause);
		}

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
