package dev.events.bus;

import java.util.List;

import dev.events.DataSubjects;
import dev.events.encryption.EventEncryption;
import dev.events.publish.Deferred;
import dev.events.publish.PublishTransactions;
import dev.events.store.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data subjects whose keys are in a store.
 */
final class StoredDataSubjects implements DataSubjects {

	private static final Logger logger = LoggerFactory.getLogger(StoredDataSubjects.class);

	private final EventEncryption encryption;

	private final EventStore store;

	private final PublishTransactions transactions;

	StoredDataSubjects(EventEncryption encryption, EventStore store, PublishTransactions transactions) {
		this.encryption = encryption;
		this.store = store;
		this.transactions = transactions;
	}

	@Override
	public void forget(String subject) {
		if (!this.transactions.isActive()) {
			this.encryption.forget(subject);
		}
		else if (this.store.isInTransaction()) {
			this.encryption.forget(subject);
			// others may have looked meanwhile, and seen the key
			Runnable changed = () -> this.encryption.changed(subject);
			this.transactions.afterCompletion(changed, changed);
		}
		else {
			// here the caller can still be told that this cannot work
			this.encryption.changed(subject);
			// a key that is gone does not come back with a rollback
			DeferredForgetting deferred = (DeferredForgetting) this.transactions.participant(this);
			if (deferred == null) {
				deferred = new DeferredForgetting();
				this.transactions.enlist(this, deferred);
			}
			deferred.add(List.of(subject));
		}
	}

	private void forgetLate(String subject) {
		try {
			this.encryption.forget(subject);
		}
		catch (RuntimeException ex) {
			// the transaction is over: throwing would only keep others from being told
			logger.error("A data subject was to be forgotten by a transaction that is committed now, but the store did "
					+ "not do it; forget the subject again", ex);
		}
	}

	@Override
	public boolean isForgotten(String subject) {
		return this.encryption.isForgotten(subject);
	}

	@Override
	public boolean readmit(String subject) {
		return this.encryption.readmit(subject);
	}

	private final class DeferredForgetting extends Deferred<String> {

		@Override
		protected void apply(List<String> subjects) {
			subjects.forEach(StoredDataSubjects.this::forgetLate);
		}

	}

}
