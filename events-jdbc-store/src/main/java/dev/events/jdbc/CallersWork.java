package dev.events.jdbc;

import javax.sql.DataSource;

import dev.events.EventStoreException;

/**
 * What is part of the caller's transaction if he is in one: with it, it is committed or
 * rolled back. Thread-safe.
 */
final class CallersWork {

	private final Database database;

	private final CommitGuard commitGuard = new CommitGuard();

	CallersWork(Database database) {
		this.database = database;
	}

	/**
	 * Works in the caller's transaction, or durably when he is in none.
	 * @param what for people, should it fail
	 * @param oneStatement whether the work is a single statement, which needs no
	 * transaction of its own
	 * @throws dev.events.UnknownOutcomeException when nobody knows whether it was done
	 * @throws EventStoreException when it was not done; also in a transaction of
	 * something else: what is not decided yet must not be stored yet, for it may be
	 * rolled back
	 */
	<T> T execute(String what, boolean oneStatement, Database.Work<T> work) {
		DataSource transaction = this.database.boundTo();
		if (transaction != null) {
			this.commitGuard.protect(transaction);
			return this.database.joined(transaction, what, work);
		}
		if (CallersTransaction.isInAny()) {
			throw new EventStoreException(
					"The event store could not " + what + ": the transaction is not one of its data source. "
							+ "Publish with an event bus, which waits for the commit",
					null);
		}
		return oneStatement ? this.database.statement(what, work) : this.database.transaction(what, work);
	}

}
