package dev.events.store;

import java.util.List;
import java.util.Optional;

import dev.events.StartPosition;
import org.jspecify.annotations.Nullable;

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

	/**
	 * Stores a new subscription, with a cursor for each partition as {@link #register}.
	 * Atomic.
	 * @return {@code false} when the id is taken; nothing was changed then
	 */
	boolean create(SubscriptionRecord subscription, StartPosition startAt);

	/**
	 * Changes patterns, type, config, organization and partitions of a subscription, as
	 * {@link #register} does for a known one. Atomic.
	 * @return {@code false} when there is none with this id
	 */
	boolean update(SubscriptionRecord subscription);

	/**
	 * Switches a subscription on or off. Who has it in hand finds out by itself.
	 * @param note why it is off, up to 2000 characters, or {@code null}
	 * @return {@code false} when there is none with this id
	 */
	boolean activate(String id, boolean active, @Nullable String note);

	/**
	 * Switches a subscription off, if it is on and still what somebody saw of it:
	 * {@link SubscriptionRecord#isServedLike}. Who found out that it makes no sense to go
	 * on speaks of what he knew, not of what it was changed into meanwhile. Atomic.
	 * @param seen the subscription as it was found to be useless
	 * @param note why it is off, up to 2000 characters
	 * @return whether it was switched off
	 */
	boolean suspend(SubscriptionRecord seen, String note);

	/**
	 * Gives a subscription the cursors that it should have, where somebody has written it
	 * into the store by other means: at the given position when it has none, and for the
	 * present number of partitions, as {@link #register} does when that has changed. When
	 * all is in order this does nothing. Atomic.
	 * @return {@code false} when there is none with this id
	 */
	boolean open(String id, StartPosition startAt);

	/**
	 * Deletes cursors and deliveries that are left of a subscription which somebody has
	 * deleted by other means. Does nothing when it exists, and by default, for a store in
	 * which that is not possible.
	 */
	default void clear(String id) {
	}

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
