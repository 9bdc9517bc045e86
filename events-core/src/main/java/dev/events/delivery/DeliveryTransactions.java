package dev.events.delivery;

import java.util.function.Consumer;

import dev.events.InvalidSubscriptionException;

/**
 * Transactions in which the handlers of transactional subscribers run. Implementations
 * are thread-safe.
 */
public interface DeliveryTransactions {

	/** For applications without transactions: refuses. */
	DeliveryTransactions NONE = (work) -> {
		throw new InvalidSubscriptionException("transactional needs a transaction manager for the database in which "
				+ "events are kept: add events-jdbc-store and a DataSource with its transaction manager, or leave out "
				+ "transactional");
	};

	/**
	 * Runs work in a new transaction of the calling thread, and commits. When the work
	 * throws, it is rolled back, and the exception passed on.
	 * @param work what to do; told about the transaction
	 * @throws RuntimeException what prevented the transaction, what the work threw, or
	 * why it could not be committed
	 */
	void execute(Consumer<Transaction> work);

	/**
	 * The transaction that is running.
	 */
	interface Transaction {

		/** Whether it can only be rolled back, because somebody has asked for that. */
		boolean isRollbackOnly();

		/**
		 * Writes what was put off until the commit, as JPA does. So the cursor is touched
		 * last, and what the database refuses is the handler's failure.
		 */
		void flush();

	}

}
