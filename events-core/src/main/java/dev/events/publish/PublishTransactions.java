package dev.events.publish;

import org.jspecify.annotations.Nullable;

/**
 * The transaction of the calling thread, if there is one. Implementations are
 * thread-safe.
 */
public interface PublishTransactions {

	/** For applications without transactions. */
	PublishTransactions NONE = new PublishTransactions() {

		@Override
		public boolean isActive() {
			return false;
		}

		@Override
		public void afterCompletion(Runnable onCommit, Runnable onRollback, Runnable onUnknown) {
			throw new IllegalStateException("There is no transaction");
		}

		@Override
		public @Nullable Participant participant(Object key) {
			return null;
		}

		@Override
		public void enlist(Object key, Participant participant) {
			throw new IllegalStateException("There is no transaction");
		}

	};

	/** Whether the calling thread is in a transaction whose end can be observed. */
	boolean isActive();

	/**
	 * Runs one of three actions when the transaction of the calling thread has ended.
	 * Only to be called while {@link #isActive()}.
	 * @param onCommit runs after commit
	 * @param onRollback runs after rollback
	 * @param onUnknown runs when nobody knows whether it was committed
	 */
	void afterCompletion(Runnable onCommit, Runnable onRollback, Runnable onUnknown);

	/** As the other one, for those to whom an unknown outcome is like a rollback. */
	default void afterCompletion(Runnable onCommit, Runnable onRollback) {
		afterCompletion(onCommit, onRollback, onRollback);
	}

	/** Who takes part in the transaction of the calling thread under a key. */
	@Nullable Participant participant(Object key);

	/**
	 * Lets somebody take part in the transaction of the calling thread; he hears of its
	 * end before those of {@link #afterCompletion}. Only to be called while
	 * {@link #isActive()}.
	 * @param key to find him again; one for each key
	 * @param participant he who hears of savepoints and the end
	 */
	void enlist(Object key, Participant participant);

	/**
	 * Takes part in one transaction. Called by its thread.
	 */
	interface Participant {

		/** A savepoint was set. */
		void savepoint(Object savepoint);

		/**
		 * What was done after a savepoint is undone.
		 * @param savepoint one that may have been set before this began to take part
		 */
		void rollbackTo(Object savepoint);

		/**
		 * It has ended.
		 * @param committed {@code false} also when the outcome is not known
		 */
		void ended(boolean committed);

	}

}
