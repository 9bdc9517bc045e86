package dev.events.store;

/**
 * State of a stored delivery. Only deliveries that did not succeed at once are stored.
 */
public enum DeliveryStatus {

	/** Waits for its next attempt. */
	PARKED,

	/** Waits behind an earlier delivery of the same key. */
	QUEUED,

	/** Given up: a dead letter. */
	DEAD,

	/**
	 * A dead letter that held its key until an operator skipped or discarded it; the
	 * owner of the partition has still to let the key go on.
	 */
	RELEASED

}
