package dev.events.store;

import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What became of a delivery that did not simply succeed. A delivery is identified by
 * subscription and position; one that is stored already keeps its id, its event (which
 * may have been edited) and the time of its first failure; and it is of a replay only as
 * long as every change that was to park, queue or bury it was: a live delivery must not
 * turn into one that handlers may ignore.
 */
public sealed interface DeliveryChange {

	/** Position of the event. */
	long position();

	/**
	 * The delivery failed and is tried again: stored as {@link DeliveryStatus#PARKED},
	 * created if it is not there.
	 *
	 * @param id id for the delivery if it is created
	 * @param event the event
	 * @param position its position
	 * @param attempts failed attempts so far
	 * @param retryIn time until the next attempt
	 * @param failure the last failure
	 * @param replay whether it is of a replay
	 */
	record Park(UUID id, EventRecord event, long position, int attempts, Duration retryIn, Failure failure,
			boolean replay) implements DeliveryChange {

		/** Not of a replay. */
		public Park(UUID id, EventRecord event, long position, int attempts, Duration retryIn, Failure failure) {
			this(id, event, position, attempts, retryIn, failure, false);
		}

	}

	/**
	 * The event waits behind an earlier one of its key: stored as
	 * {@link DeliveryStatus#QUEUED}, unless a delivery is there already.
	 *
	 * @param id id for the delivery
	 * @param event the event
	 * @param position its position
	 * @param replay whether it is of a replay
	 */
	record Queue(UUID id, EventRecord event, long position, boolean replay) implements DeliveryChange {

		/** Not of a replay. */
		public Queue(UUID id, EventRecord event, long position) {
			this(id, event, position, false);
		}

	}

	/**
	 * The delivery is given up: stored as {@link DeliveryStatus#DEAD}, created if it is
	 * not there.
	 *
	 * @param id id for the delivery if it is created
	 * @param event the event
	 * @param position its position
	 * @param attempts failed attempts in all
	 * @param failure the last failure
	 * @param holding whether later events of its key wait for it
	 * @param replay whether it is of a replay
	 */
	record Bury(UUID id, EventRecord event, long position, int attempts, Failure failure, boolean holding,
			boolean replay) implements DeliveryChange {

		/** Not of a replay. */
		public Bury(UUID id, EventRecord event, long position, int attempts, Failure failure, boolean holding) {
			this(id, event, position, attempts, failure, holding, false);
		}

	}

	/**
	 * The delivery no longer waits for its time, but for its turn: one that is
	 * {@link DeliveryStatus#PARKED} is {@link DeliveryStatus#QUEUED}, with its attempts
	 * and its last failure as they were; others stay as they are.
	 *
	 * @param position position of the event
	 */
	record Defer(long position) implements DeliveryChange {

	}

	/**
	 * The delivery is done: it is deleted, if there is one.
	 *
	 * @param position position of the event
	 */
	record Complete(long position) implements DeliveryChange {

	}

	/**
	 * The delivery no longer holds its key: one that is {@link DeliveryStatus#RELEASED}
	 * is deleted if it was discarded, else it is {@link DeliveryStatus#DEAD} again, not
	 * holding. One that is {@link DeliveryStatus#DEAD} stops holding; others stay as they
	 * are.
	 *
	 * @param position position of the event
	 */
	record Release(long position) implements DeliveryChange {

	}

	/**
	 * Why an attempt failed.
	 *
	 * @param type class name of the error
	 * @param message its message, or {@code null}
	 * @param stack its stack trace, trimmed
	 */
	record Failure(String type, @Nullable String message, String stack) {

	}

}
