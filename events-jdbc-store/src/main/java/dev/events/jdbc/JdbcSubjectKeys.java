package dev.events.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;

import dev.events.EventStoreException;
import dev.events.store.SubjectKeyRecord;
import dev.events.store.SubjectKeys;

/**
 * Keys of data subjects as rows.
 */
final class JdbcSubjectKeys implements SubjectKeys {

	private final Database database;

	private final Dialect dialect;

	private final CallersWork callersWork;

	private final String insert;

	private final String select;

	private final String erase;

	private final String readmit;

	JdbcSubjectKeys(Database database, Tables tables, Dialect dialect, CallersWork callersWork) {
		this.database = database;
		this.dialect = dialect;
		this.callersWork = callersWork;
		this.insert = dialect.insertSubjectKey(tables);
		this.select = "select subject, generation, wrapped_key from " + tables.subjectKeys() + " where subject = ?";
		this.erase = "update " + tables.subjectKeys() + " set wrapped_key = null, erased_at = " + dialect.now()
				+ " where subject = ? and wrapped_key is not null";
		this.readmit = "update " + tables.subjectKeys() + " set generation = ?, wrapped_key = ?, created_at = "
				+ dialect.now() + ", erased_at = null where subject = ? and generation = ? and wrapped_key is null";
	}

	/**
	 * In the caller's transaction, for he may hold the last connection of the pool.
	 */
	@Override
	public SubjectKeyRecord add(SubjectKeyRecord key) {
		Database.Work<SubjectKeyRecord> work = (connection) -> {
			insert(connection, key);
			return Sql.queryOne(connection, this.select, JdbcSubjectKeys::record, key.subject()).orElseThrow();
		};
		String what = "add the key of a data subject";
		try {
			return this.database.inTransaction() ? this.callersWork.execute(what, false, work)
					: this.database.transaction(what, work);
		}
		catch (EventStoreException ex) {
			if (!Database.isLocked(ex)) {
				throw ex;
			}
			throw new EventStoreException("The event store could not " + what + ": a transaction that was the first to "
					+ "publish an event about this subject has not ended for two seconds", ex);
		}
	}

	/**
	 * Waits for a transaction that inserts the same, but not for ever: it may be waiting
	 * for the caller. A failure leaves the caller's transaction as it was.
	 */
	private void insert(Connection connection, SubjectKeyRecord key) throws SQLException {
		Savepoint savepoint = connection.setSavepoint();
		try {
			String former = this.dialect.lockWait(connection);
			this.dialect.limitLockWait(connection);
			Sql.update(connection, this.insert, key.subject(), key.generation(), key.wrapped());
			this.dialect.restoreLockWait(connection, former);
			connection.releaseSavepoint(savepoint);
		}
		catch (SQLException ex) {
			connection.rollback(savepoint);
			if (!Database.isDuplicate(ex)) {
				throw ex;
			}
			// on H2 only: another node was faster
		}
	}

	@Override
	public Optional<SubjectKeyRecord> find(String subject) {
		return this.database.joinedOrAutocommit("read the key of a data subject",
				(connection) -> Sql.queryOne(connection, this.select, JdbcSubjectKeys::record, subject));
	}

	/**
	 * First the row, if there is none: a key that somebody else adds in between would
	 * stay if it were the other way round.
	 */
	@Override
	public boolean erase(String subject) {
		return this.callersWork.execute("erase the key of a data subject", false, (connection) -> {
			insert(connection, new SubjectKeyRecord(subject, 1, null));
			return Sql.update(connection, this.erase, subject) > 0;
		});
	}

	@Override
	public boolean readmit(SubjectKeyRecord key) {
		return this.database.autocommit("readmit a data subject", (connection) -> Sql.update(connection, this.readmit,
				key.generation(), key.wrapped(), key.subject(), key.generation() - 1)) > 0;
	}

	private static SubjectKeyRecord record(ResultSet rows) throws SQLException {
		return new SubjectKeyRecord(rows.getString("subject"), rows.getInt("generation"),
				rows.getString("wrapped_key"));
	}

}
