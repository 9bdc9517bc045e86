package dev.events;

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
	 * Deletes the subscription with its cursors, parked deliveries and dead letters; for
	 * subscribers that were removed from the application.
	 * @param id id of the subscription
	 * @return whether there was one
	 * @throws InvalidSubscriptionException when a running node still serves it
	 */
	boolean delete(String id);

}
