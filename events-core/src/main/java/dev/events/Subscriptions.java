package dev.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The durable subscriptions that the store knows. Thread-safe.
 */
public interface Subscriptions {

	/** All of them, by id. */
	List<SubscriptionInfo> list();

	/** One of them. */
	Optional<SubscriptionInfo> find(String id);

	/**
	 * Lets a subscription begin again at a position of the log: everything behind it is
	 * delivered again, as if for the first time. Partitions that have not come so far
	 * stay where they are. Unlike a replay (see {@link EventReplay}) this does not run
	 * beside live delivery, but takes the place of it. What has failed and waits stays
	 * stored, and dead letters stay. Delivery rests until the leases of running nodes
	 * have ended.
	 * @param id id of the subscription
	 * @param position 0 for the beginning of the log
	 * @throws IllegalArgumentException when the position is negative or beyond the end of
	 * the log
	 * @throws InvalidSubscriptionException when there is no such subscription, or a
	 * replay of it is active
	 */
	void rewind(String id, long position);

	/**
	 * As {@link #rewind(String, long)}, to the first event of the log that is not older
	 * than this; to the end of the log when there is none.
	 */
	void rewind(String id, Instant since);

	/**
	 * Lets a subscription pass over everything up to the end of the log: what it has not
	 * had yet it never gets. What has failed and waits stays stored, and dead letters
	 * stay. Delivery rests until the leases of running nodes have ended.
	 * @param id id of the subscription
	 * @throws InvalidSubscriptionException when there is no such subscription, or a
	 * replay of it is active
	 */
	void fastForward(String id);

	/**
	 * As {@link #fastForward(String)}, only as far as the first event of the log that is
	 * not older than this, which it gets. Partitions that have come further stay where
	 * they are.
	 */
	void fastForward(String id, Instant since);

	/**
	 * Deletes the subscription with its cursors, parked deliveries and dead letters; for
	 * subscribers that were removed from the application.
	 * @param id id of the subscription
	 * @return whether there was one
	 * @throws InvalidSubscriptionException when a running node still serves it
	 */
	boolean delete(String id);

}
