package dev.events.store;

import java.util.List;
import java.util.Optional;

import dev.events.StartPosition;

/**
 * The durable subscriptions.
 */
public interface SubscriptionRegistry {

	/**
	 * Makes a subscription known. A new one gets a cursor for each partition: at
	 * {@link EventLog#head()} or at 0. Of a known one, patterns, type, config,
	 * organization and partitions are brought up to date, {@code active} and
	 * {@code createdFrom} stay as they are in the store. When the number of partitions
	 * changes, all its leases end and its epochs grow, every new cursor begins at the
	 * lowest of the old ones (its leases say which events behind that are done, see
	 * {@link FormerPartitions}), and its stored deliveries are assigned to partitions
	 * anew by their hash (see {@link PartitionId#of}). The old owners may still be inside
	 * a handler: nobody, not even one of them, can claim a new cursor before the last of
	 * the old leases that were not released would have run out by the store's clock;
	 * until then the new cursors are shown without owner. Atomic.
	 * @return the subscription as it is stored now
	 */
	SubscriptionRecord register(SubscriptionRecord subscription, StartPosition startAt);

	/** All of them, by id. */
	List<SubscriptionRecord> list();

	/** One of them. */
	Optional<SubscriptionRecord> find(String id);

	/**
	 * Deletes a subscription with its cursors and deliveries. Atomic.
	 * @return whether there was one
	 */
	boolean delete(String id);

}
