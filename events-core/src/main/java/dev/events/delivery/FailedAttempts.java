package dev.events.delivery;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.AfterDeadLetter;
import dev.events.InvalidEventException;
import dev.events.NonRetryableEventException;
import dev.events.RetryLaterException;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryChange.Failure;
import dev.events.store.EventRecord;

/**
 * Decides what becomes of an event whose attempt has failed: parked, a dead letter, or
 * given up. Only touched by the thread that runs the worker.
 */
final class FailedAttempts {

	private final SubscriptionRuntime subscription;

	private final Progress progress;

	private final DeliveryContext context;

	private final BlockedKeys keys;

	private final FailureLog log;

	FailedAttempts(PartitionWorker worker, Progress progress, DeliveryContext context, BlockedKeys keys) {
		this.subscription = worker.subscription();
		this.progress = progress;
		this.context = context;
		this.keys = keys;
		this.log = new FailureLog(worker.partition());
	}

	/**
	 * Whether there is to be another attempt.
	 * @param attempts failed attempts so far
	 */
	boolean isRetryable(Throwable error, int attempts) {
		return attempts < this.subscription.retry().maxAttempts()
				&& !(error instanceof NonRetryableEventException || error instanceof InvalidEventException);
	}

	/** Counts an attempt that has failed. */
	void count(EventRecord event, boolean replay) {
		this.context.counters().failed(event.type(), this.subscription.id());
		if (replay) {
			this.progress.replayFailed();
		}
	}

	/**
	 * What is to be done about an event of whose key nothing else is stored in front of
	 * it.
	 * @param again whether to try again
	 * @param quotable whether nothing that is encrypted was handled together with it,
	 * which the error may quote
	 */
	DeliveryChange outcome(Throwable error, boolean again, UUID id, EventRecord event, long position, int attempts,
			boolean replay, boolean quotable) {
		count(event, replay);
		Failure failure = FailureReport.of(error, !quotable);
		if (again) {
			Duration delay = delay(error, attempts);
			this.keys.block(event.key(), position);
			this.log.attemptFailed(event, attempts, delay, error, quotable);
			return new DeliveryChange.Park(id, event, position, attempts, delay, failure, replay);
		}
		this.log.givenUp(event, attempts, error);
		if (!replay) {
			this.context.givenUp().tell(event, this.subscription.call().responder(), attempts, failure);
		}
		if (!this.subscription.isDurable()) {
			return new DeliveryChange.Complete(position);
		}
		boolean holding = event.key() != null
				&& this.subscription.subscriber().afterDeadLetter() == AfterDeadLetter.HOLD;
		if (holding) {
			this.keys.block(event.key(), position);
		}
		return new DeliveryChange.Bury(id, event, position, attempts, failure, holding, replay);
	}

	private Duration delay(Throwable error, int attempts) {
		Duration delay = this.subscription.retry().delayAfter(attempts, ThreadLocalRandom.current());
		boolean longer = error instanceof RetryLaterException later && later.delay().compareTo(delay) > 0;
		return longer ? ((RetryLaterException) error).delay() : delay;
	}

}
