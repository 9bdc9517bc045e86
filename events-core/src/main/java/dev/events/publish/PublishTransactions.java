package dev.events.publish;

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
		public void afterCompletion(Runnable onCommit, Runnable onRollback) {
			throw new IllegalStateException("There is no transaction");
		}

	};

	/** Whether the calling thread is in a transaction whose end can be observed. */
	boolean isActive();

	/**
	 * Runs one of two actions when the transaction of the calling thread has ended. Only
	 * to be called while {@link #isActive()}.
	 * @param onCommit runs after commit
	 * @param onRollback runs after rollback, or when the outcome is not known
	 */
	void afterCompletion(Runnable onCommit, Runnable onRollback);

}
