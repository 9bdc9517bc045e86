package dev.events.spring.transaction;

import dev.events.publish.PublishTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transaction that Spring has bound to the calling thread, whichever transaction
 * manager began it. Thread-safe.
 */
public final class SpringPublishTransactions implements PublishTransactions {

	@Override
	public boolean isActive() {
		return TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive();
	}

	@Override
	public void afterCompletion(Runnable onCommit, Runnable onRollback, Runnable onUnknown) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			// afterCommit is not called for one that is registered by an after-commit
			// listener
			@Override
			public void afterCompletion(int status) {
				switch (status) {
					case STATUS_COMMITTED -> onCommit.run();
					case STATUS_ROLLED_BACK -> onRollback.run();
					default -> onUnknown.run();
				}
			}

		});
	}

	@Override
	public @Nullable Participant participant(Object key) {
		Enlisted enlisted = (Enlisted) TransactionSynchronizationManager.getResource(key);
		return (enlisted != null) ? enlisted.participant : null;
	}

	@Override
	public void enlist(Object key, Participant participant) {
		Enlisted enlisted = new Enlisted(key, participant);
		TransactionSynchronizationManager.bindResource(key, enlisted);
		TransactionSynchronizationManager.registerSynchronization(enlisted);
	}

	/**
	 * Bound to the thread while the transaction is not suspended.
	 */
	private static final class Enlisted implements TransactionSynchronization {

		private final Object key;

		private final Participant participant;

		Enlisted(Object key, Participant participant) {
			this.key = key;
			this.participant = participant;
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void suspend() {
			TransactionSynchronizationManager.unbindResource(this.key);
		}

		@Override
		public void resume() {
			TransactionSynchronizationManager.bindResource(this.key, this);
		}

		@Override
		public void savepoint(Object savepoint) {
			this.participant.savepoint(savepoint);
		}

		@Override
		public void savepointRollback(Object savepoint) {
			this.participant.rollbackTo(savepoint);
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(this.key);
			this.participant.ended(status == STATUS_COMMITTED);
		}

	}

}
