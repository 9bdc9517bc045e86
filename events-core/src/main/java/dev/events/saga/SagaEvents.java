package dev.events.saga;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.NonRetryableEventException;
import dev.events.RetryLaterException;
import dev.events.Saga;
import dev.events.SagaInfo.Failure;
import dev.events.SagaInfo.Status;
import dev.events.UnknownOutcomeException;
import dev.events.delivery.PartitionDelivery;
import dev.events.store.DeliveryOverException;
import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the events of one definition. Thread-safe.
 * <p>
 * Invariants: an event that a saga has handled is noted in it by the commit that makes
 * the step, so it is not handled again, whoever dies between that commit and the
 * checkpoint of the subscription; an event whose saga does not exist is never taken for
 * handled before its attempts are used up, since the event that starts the saga may still
 * be on its way through another partition.
 *
 * @param <S> class of the state
 */
final class SagaEvents<S> {

	private static final Logger logger = LoggerFactory.getLogger(SagaEvents.class);

	// of those who meet at a saga one goes on each time, so this is more than can meet
	private static final int TURNS = 50;

	private static final long LONGEST_PAUSE = Duration.ofMillis(5).toNanos();

	private static final int MAX_PAUSES = 10;

	private final Saga<S> saga;

	private final SagaSteps<S> steps;

	private final EventStore store;

	private final SagaQueue queue;

	private final SagaCounters counters;

	SagaEvents(Saga<S> saga, SagaSteps<S> steps, EventStore store, SagaQueue queue, SagaCounters counters) {
		this.saga = saga;
		this.steps = steps;
		this.store = store;
		this.queue = queue;
		this.counters = counters;
	}

	/** Handles one event, as the function of a subscriber. */
	@Nullable Object handle(Event<Object> event, Delivery delivery) throws Exception {
		Saga.Step<S> step = this.saga.steps().get(event.type());
		String key = (step != null) ? key(event) : null;
		if (step == null || key == null) {
			this.counters.ignored.increment();
			return null;
		}
		for (int turn = 1; turn <= TURNS; turn++) {
			try {
				if (this.queue.run(key, () -> attempt(key, event, step, delivery))) {
					return null;
				}
			}
			catch (ForgottenStateException ex) {
				// as an event that nobody can read any more
				this.counters.ignored.increment();
				return null;
			}
			catch (UnknownOutcomeException ex) {
				// the saga tells whether it was done; a failed attempt could be the last
				logger.debug("Looks again at saga '{}' {}", this.saga.name(), key, ex);
			}
			pause(turn);
		}
		throw new RetryLaterException("Saga '" + this.saga.name() + "' " + key + " was changed by others each of "
				+ TURNS + " times that a step was made", Duration.ZERO);
	}

	private @Nullable String key(Event<Object> event) {
		String key = this.saga.correlation().apply(event);
		if (key != null && (key.isBlank() || key.length() > ProcessChange.MAX_NAME || key.indexOf('\0') >= 0)) {
			throw new NonRetryableEventException("The key that saga '" + this.saga.name() + "' finds in event "
					+ event.id() + " is blank, or longer than " + ProcessChange.MAX_NAME + " characters");
		}
		return key;
	}

	/** Whether nothing is left to do with the event. */
	private boolean attempt(String key, Event<Object> event, Saga.Step<S> step, Delivery delivery) throws Exception {
		Optional<ProcessRecord> found = this.store.processes().find(this.saga.subscription(), key);
		if (found.isEmpty()) {
			if (step.start() != null) {
				return this.steps.start(key, event, delivered(delivery), step);
			}
			return unknown(key, event, delivery);
		}
		ProcessRecord known = found.get();
		SagaData data = SagaData.read(known.state().data());
		if (data.hasHandled(event.id())) {
			this.counters.duplicates.increment();
			return true;
		}
		Status status = SagaRecords.status(known);
		if (status.isFinal()) {
			return late(status, known, data, event, step, delivery);
		}
		if (step.start() != null) {
			this.counters.ignored.increment();
			return true;
		}
		try {
			return this.steps.handle(known, data, event, delivered(delivery), step);
		}
		catch (ForgottenStateException ex) {
			throw ex;
		}
		catch (DeliveryOverException ex) {
			// nothing has failed
			throw ex;
		}
		catch (Exception | LinkageError ex) {
			note(known, data, event, delivery, ex);
			throw ex;
		}
	}

	/**
	 * An event can be too late for a saga whose time was over, and tell that something
	 * was done all the same, a payment made for example: it must not stay.
	 */
	private boolean late(Status status, ProcessRecord known, SagaData data, Event<Object> event, Saga.Step<S> step,
			Delivery delivery) throws Exception {
		boolean done = status != Status.COMPENSATED || step.handler() == null || step.compensation() == null
				|| this.steps.takeBack(known, data, event, delivered(delivery), step);
		if (done) {
			this.counters.late.increment();
		}
		return done;
	}

	private boolean unknown(String key, Event<Object> event, Delivery delivery) {
		if (this.saga.ignoresUnknown() && delivery.attempt() >= Saga.Builder.UNKNOWN_ATTEMPTS) {
			this.counters.ignored.increment();
			return true;
		}
		throw new RetryLaterException("There is no saga '" + this.saga.name() + "' " + key + " for event " + event.id()
				+ " of type '" + event.type() + "'; the event that starts it may be on its way", Duration.ZERO);
	}

	/** What delivers to sagas knows more than others have to. */
	private static PartitionDelivery delivered(Delivery delivery) {
		return (PartitionDelivery) delivery;
	}

	/** So that people see where it hangs; what matters is with the delivery. */
	private void note(ProcessRecord known, SagaData data, Event<Object> event, Delivery delivery, Throwable error) {
		if (error instanceof EventStoreException || error instanceof InterruptedException
				|| Thread.currentThread().isInterrupted()) {
			return;
		}
		Failure failure = SagaRecords.failure(event, error, delivery.attempt(), data);
		try {
			this.steps.fail(known, data, failure, known.state().dueAt());
		}
		catch (RuntimeException ex) {
			error.addSuppressed(ex);
		}
	}

	private static void pause(int turn) {
		long longest = LONGEST_PAUSE * Math.min(turn, MAX_PAUSES);
		LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
	}

}
