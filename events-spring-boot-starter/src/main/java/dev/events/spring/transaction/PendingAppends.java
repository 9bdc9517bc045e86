package dev.events.spring.transaction;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.events.store.EventRecord;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The events that one transaction has published so far. For the thread of the
 * transaction.
 */
final class PendingAppends implements TransactionSynchronization {

	private final Consumer<List<EventRecord>> append;

	private final List<EventRecord> events = new ArrayList<>();

	private final Map<Object, Integer> savepoints = new IdentityHashMap<>();

	private PendingAppends(Consumer<List<EventRecord>> append) {
		this.append = append;
	}

	/**
	 * Adds events to those of the running transaction.
	 * @param append called with all of them when the transaction has committed; the same
	 * object for all events of a store
	 */
	static void add(List<EventRecord> events, Consumer<List<EventRecord>> append) {
		for (TransactionSynchronization other : TransactionSynchronizationManager.getSynchronizations()) {
			if (other instanceof PendingAppends pending && pending.append == append) {
				pending.events.addAll(events);
				return;
			}
		}
		PendingAppends pending = new PendingAppends(append);
		pending.events.addAll(events);
		TransactionSynchronizationManager.registerSynchronization(pending);
	}

	/**
	 * Before others, so that events are in the log when the bus is told of the commit.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, this.events.size());
	}

	@Override
	public void savepointRollback(Object savepoint) {
		// one that was set before the first event is not known here
		int size = this.savepoints.getOrDefault(savepoint, 0);
		this.events.subList(size, this.events.size()).clear();
	}

	// afterCommit is not called for one that is registered by an after-commit listener
	@Override
	public void afterCompletion(int status) {
		if (status == STATUS_COMMITTED && !this.events.isEmpty()) {
			this.append.accept(List.copyOf(this.events));
		}
	}

}
