package dev.events.publish;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.events.EventException;
import dev.events.EventStoreException;
import dev.events.UnknownOutcomeException;
import dev.events.observation.EventObservations;
import dev.events.observation.Observed;
import dev.events.stats.EventCounters;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends prepared events to the log: in the transaction of the calling thread if the
 * store takes part in it, after its commit if not, at once when there is none. Counts and
 * wakes when they have become durable. Thread-safe.
 */
final class EventAppender {

	private static final Logger logger = LoggerFactory.getLogger(EventAppender.class);

	// an event without a position yet
	static final long DEFERRED = 0;

	private final EventStore store;

	private final PublishTransactions transactions;

	private final EventCounters counters;

	private final EventObservations observations;

	private final Runnable wake;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates an appender.
	 * @param wake called when events may have become visible in the log
	 */
	EventAppender(EventStore store, PublishTransactions transactions, EventCounters counters,
			EventObservations observations, Runnable wake) {
		this.store = store;
		this.transactions = transactions;
		this.counters = counters;
		this.observations = observations;
		this.wake = wake;
	}

	/**
	 * Appends records as one unit; counts and wakes when they have become durable.
	 * @param observed whether that is observed, by code of users in the calling thread
	 * @return as {@link EventLog#append}; {@link #DEFERRED} for what waits for a commit
	 */
	List<Long> append(List<EventRecord> records, boolean observed) {
		if (records.isEmpty()) {
			return List.of();
		}
		if (!this.transactions.isActive()) {
			return appendNow(records, observed);
		}
		// one deferred event defers all that follow it in the transaction: order is kept
		if (deferred() == null && this.store.isInTransaction()) {
			List<Long> positions = log(records, observed);
			// a rolled back append may have held others back
			this.transactions.afterCompletion(() -> stored(records, positions), this.wake);
			return positions;
		}
		defer(records);
		return Collections.nCopies(records.size(), DEFERRED);
	}

	private List<Long> appendNow(List<EventRecord> records, boolean observed) {
		List<Long> positions = log(records, observed);
		stored(records, positions);
		return positions;
	}

	private List<Long> log(List<EventRecord> records, boolean observed) {
		if (!observed) {
			return this.store.log().append(records);
		}
		Observed append = this.observations.append(this.store.name(), records);
		try {
			return this.store.log().append(records);
		}
		catch (RuntimeException | Error ex) {
			append.failed(ex);
			throw ex;
		}
		finally {
			append.stop();
		}
	}

	/**
	 * Records were appended as part of something else that the store has done.
	 * @return whether they are durable; if not, they are when the transaction of the
	 * calling thread commits
	 */
	boolean appended(List<EventRecord> records, List<Long> positions) {
		if (this.transactions.isActive() && this.store.isInTransaction()) {
			this.transactions.afterCompletion(() -> stored(records, positions), this.wake);
			return false;
		}
		stored(records, positions);
		return true;
	}

	private void stored(List<EventRecord> records, List<Long> positions) {
		for (int i = 0; i < records.size(); i++) {
			if (positions.get(i) == EventLog.DUPLICATE) {
				this.counters.duplicate();
			}
			else {
				this.counters.published(records.get(i).type());
			}
		}
		this.wake.run();
	}

	private void defer(List<EventRecord> records) {
		if (this.warned.compareAndSet(false, true)) {
			logger
				.warn("Events are published in a transaction that the event store ({}) does not take part in. They are "
						+ "stored after its commit, and lost if the application dies between the two. If the store is in a "
						+ "database, let it and the transaction use the same data source. Said once.",
						this.store.name());
		}
		DeferredAppends deferred = (DeferredAppends) this.transactions.participant(this);
		if (deferred == null) {
			deferred = new DeferredAppends((events) -> appendNow(events, true), this.counters);
			this.transactions.enlist(this, deferred);
		}
		deferred.add(records);
	}

	/** What the transaction of the calling thread has deferred, if there is any. */
	private @Nullable DeferredAppends deferred() {
		DeferredAppends deferred = (DeferredAppends) this.transactions.participant(this);
		return (deferred != null && !deferred.isEmpty()) ? deferred : null;
	}

	/**
	 * Tells what became of everything that was published so far in the transaction of the
	 * calling thread: {@code null} when it is durable, else why not, or that nobody
	 * knows.
	 */
	void afterCompletion(Consumer<@Nullable EventException> listener) {
		DeferredAppends deferred = deferred();
		this.transactions.afterCompletion(() -> {
			RuntimeException failure = (deferred != null) ? deferred.failure() : null;
			listener.accept((failure != null) ? notStored(failure) : null);
		}, () -> listener.accept(new EventException("The transaction was rolled back")), () -> listener
			.accept((deferred != null)
					? new EventException("It is not known whether the transaction was committed; "
							+ "its events, which were to be stored after that, were not stored")
					: new UnknownOutcomeException(
							"It is not known whether the transaction was committed, and its events with it", null)));
	}

	private static EventException notStored(RuntimeException failure) {
		return (failure instanceof UnknownOutcomeException)
				? new UnknownOutcomeException(
						"The transaction was committed, but it is not known whether its events were stored", failure)
				: new EventStoreException("The transaction was committed, but its events were not stored", failure);
	}

}
