package dev.events;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The durable subscriptions that the store knows. Thread-safe.
 */
public interface Subscriptions {

	/** All of them, by id. */
	List<SubscriptionInfo> list();

	/** One of them. */
	Optional<SubscriptionInfo> find(String id);

	/**
	 * Creates a subscription that is data. It begins with the next event, unless its
	 * configuration says {@code startAt: BEGINNING}; every node that has a connector of
	 * its type serves it within a second.
	 * @return the subscription as it is stored, with its id
	 * @throws InvalidSubscriptionException when it cannot be served by this node, naming
	 * the field that is wrong, or its id is taken; nothing was stored
	 */
	SubscriptionDefinition create(SubscriptionDefinition definition);

	/**
	 * Changes event types, type, configuration, organization and partitions of a
	 * subscription that is data; it goes on where it was. Whether it is active and who
	 * created it stay as they are.
	 * @param definition has the id of the subscription
	 * @return the subscription as it is stored now
	 * @throws InvalidSubscriptionException when it cannot be served by this node so, is
	 * not there or is that of a subscriber in the code; nothing was changed
	 */
	SubscriptionDefinition change(SubscriptionDefinition definition);

	/**
	 * A subscription as data, with its configuration as it is, secrets included; also
	 * those of subscribers in the code, whose type is {@code handler}.
	 */
	Optional<SubscriptionDefinition> definition(String id);

	/**
	 * A subscription for people: with {@code ******} in place of secrets in its
	 * configuration.
	 */
	Optional<SubscriptionDefinition> describe(String id);

	/**
	 * What the connection of a subscription on this node tells about itself, for example
	 * the last answer of a receiver; empty when there is none.
	 */
	Map<String, Object> details(String id);

	/**
	 * Delivers no more events to a subscription, on no node, within a second; one that is
	 * being handled is finished. Events wait until it is resumed, also those that are to
	 * be tried again.
	 * @param id id of the subscription, of whatever kind
	 * @return whether it was active
	 * @throws InvalidSubscriptionException when there is no such subscription
	 */
	boolean pause(String id);

	/**
	 * As {@link #pause(String)}, with a note for others.
	 * @param note why, up to 2000 characters
	 */
	boolean pause(String id, @Nullable String note);

	/**
	 * Delivers events to a subscription again, from where it was paused.
	 * @param id id of the subscription
	 * @return whether it was paused
	 * @throws InvalidSubscriptionException when there is no such subscription
	 */
	boolean resume(String id);

	/**
	 * Lets a subscription begin again at a position of the log: everything behind it is
	 * delivered again, as if for the first time. Partitions that have not come so far
	 * stay where they are. Unlike a replay (see {@link EventReplay}) this does not run
	 * beside live delivery, but takes the place of it. What has failed and waits stays
	 * stored, and goes on when delivery has come to it again, so that the order of a key
	 * is kept; dead letters stay. Delivery rests until the leases of running nodes have
	 * ended.
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
	 * subscriptions that are data, and for subscribers that were removed from the
	 * application.
	 * @param id id of the subscription
	 * @return whether there was one
	 * @throws InvalidSubscriptionException when the code of a running node still serves
	 * it
	 */
	boolean delete(String id);

}
