package dev.events.delivery;

import java.util.function.LongSupplier;

import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;

/**
 * What is stored of a partition beyond where live delivery stands, because the
 * subscription was rewound: it waits until live delivery comes to it again. Only touched
 * by the thread that runs the worker, but for what says otherwise.
 * <p>
 * Invariant: nothing stored of a key is handled while live delivery has events of the key
 * to come that lie in front of it.
 */
final class AheadOfLive {

	private final Lease lease;

	// up to where everything has come live
	private final LongSupplier reached;

	private final WaitingKeys waiting;

	AheadOfLive(Lease lease, LongSupplier reached, BlockedKeys keys) {
		this.lease = lease;
		this.reached = reached;
		this.waiting = new WaitingKeys(keys);
	}

	/**
	 * Whether a delivery has to wait. What was done with another number of partitions
	 * lies beyond the position, too, but does not come live any more.
	 */
	boolean holdsBack(StoredDelivery delivery) {
		long position = delivery.position();
		return position > this.reached.getAsLong() && !this.lease.isDone(PartitionId.hash(delivery.event()), position);
	}

	/** A key goes on when live delivery has come to a position. */
	void wait(String key, long position) {
		this.waiting.wait(key, position);
	}

	/**
	 * Whether anything waits. Live delivery must not stand still then, however much is
	 * stored: the two would wait for each other.
	 */
	boolean isWaiting() {
		return this.waiting.first() < Long.MAX_VALUE;
	}

	/** Whether something has waited long enough; for any thread. */
	boolean hasPassed() {
		return isWaiting() && this.waiting.first() <= this.reached.getAsLong();
	}

	/** What has waited long enough goes on. */
	void goOn() {
		if (isWaiting()) {
			this.waiting.goOn(this.reached.getAsLong());
		}
	}

}
