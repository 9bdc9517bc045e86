package dev.events.spring.transaction;

import dev.events.publish.PublishTransactions;

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
	public void afterCompletion(Runnable onCommit, Runnable onRollback) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			// afterCommit is not called for one that is registered by an after-commit
			// listener
			@Override
			public void afterCompletion(int status) {
				((status == STATUS_COMMITTED) ? onCommit : onRollback).run();
			}

		});
	}

}
