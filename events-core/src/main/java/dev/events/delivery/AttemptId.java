package dev.events.delivery;

import java.util.UUID;

import dev.events.store.Checkpoint;
import dev.events.store.ReplayProgress;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Which attempt it is. When nobody knows whether it was committed, and the same one comes
 * up again under the next lease, it was not: else the store would say that it is done.
 * Another one at the same event, say in a replay, says nothing about it.
 *
 * @param position position of the first of the events
 * @param number which attempt at them it is, beginning with 1
 * @param of the stored delivery, or the replay; {@code null} for a first attempt of live
 * delivery
 */
record AttemptId(long position, int number, @Nullable UUID of) {

	/**
	 * The first attempt at events of the log.
	 * @param done what is done when it succeeds
	 */
	static AttemptId first(long position, Checkpoint done) {
		ReplayProgress replay = done.replay();
		return new AttemptId(position, 1, (replay != null) ? replay.replay() : null);
	}

	/** The next attempt at a delivery. */
	static AttemptId next(StoredDelivery delivery) {
		return new AttemptId(delivery.position(), delivery.attempts() + 1, delivery.id());
	}

}
