package dev.events.jdbc;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import dev.events.store.EventRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps events that were published in a transaction which is not one of our database, and
 * appends them when it has committed.
 */
final class DeferredAppends {

	private static final Logger logger = LoggerFactory.getLogger(DeferredAppends.class);

	private final Consumer<List<EventRecord>> append;

	private final AtomicBoolean warned = new AtomicBoolean();

	private final LongAdder deferred = new LongAdder();

	private final LongAdder lost = new LongAdder();

	DeferredAppends(Consumer<List<EventRecord>> append) {
		this.append = append;
	}

	long deferred() {
		return this.deferred.sum();
	}

	long lost() {
		return this.lost.sum();
	}

	void add(List<EventRecord> events) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("An event of type {} was published in a transaction that does not use the data source of the "
					+ "event store. Such events are stored after the commit, and lost if the application dies between "
					+ "the two; let the event store and the transaction use the same data source. Said once.",
					events.get(0).type());
		}
		this.deferred.add(events.size());
		Pending pending = TransactionSynchronizationManager.getSynchronizations()
			.stream()
			.filter((other) -> other instanceof Pending mine && mine.belongsTo(this))
			.map(Pending.class::cast)
			.findFirst()
			.orElse(null);
		if (pending == null) {
			pending = new Pending();
			TransactionSynchronizationManager.registerSynchronization(pending);
		}
		pending.events.addAll(events);
	}

	private void appendCommitted(List<EventRecord> events) {
		try {
			this.append.accept(events);
		}
		catch (RuntimeException ex) {
			// the transaction is over: throwing would only keep others from being told
			this.lost.add(events.size());
			logger.error("{} events of a committed transaction are lost, the database did not take them: {}",
					events.size(), events.stream().map((event) -> event.type() + " " + event.id()).toList(), ex);
		}
	}

	/**
	 * The events of one transaction.
	 */
	private final class Pending implements TransactionSynchronization {

		private final List<EventRecord> events = new ArrayList<>();

		private final Map<Object, Integer> savepoints = new IdentityHashMap<>();

		boolean belongsTo(DeferredAppends owner) {
			return DeferredAppends.this == owner;
		}

		/** Before others, so that events are in the log when they hear of the commit. */
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

		// not afterCommit: that is not called for one registered by an after-commit
		// listener
		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_COMMITTED && !this.events.isEmpty()) {
				appendCommitted(List.copyOf(this.events));
			}
		}

	}

}
