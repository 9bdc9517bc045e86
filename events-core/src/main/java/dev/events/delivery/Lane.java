package dev.events.delivery;

import java.util.List;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;

/**
 * A way in which events of the log come to a partition, with a cursor of its own: live,
 * or in a replay. Only touched by the thread that runs the worker.
 */
interface Lane {

	/** Whether it is a replay. */
	boolean isReplay();

	/**
	 * Whether an event has to wait for something else than what of its key is stored in
	 * front of it.
	 */
	boolean holdsBack(LogEntry entry);

	/** Something is queued, because it was held back. */
	void wait(String key, long position);

	/**
	 * Whether something may be stored already of the event at a position, or of its key
	 * behind it.
	 */
	boolean isBehindStored(long position);

	/** The event at this position, and all in front of it, are done. */
	void advance(long position);

	/** As {@link #advance(long)}, but for this change. */
	void advance(long position, DeliveryChange change);

	/**
	 * What the store has to know when everything up to an event is done, but for changes.
	 */
	Checkpoint done(long position, List<DeliveryChange> changes);

}
