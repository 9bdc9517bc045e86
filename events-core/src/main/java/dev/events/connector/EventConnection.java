package dev.events.connector;

import java.util.Map;

import dev.events.Delivery;
import dev.events.Event;
import tools.jackson.databind.JsonNode;

/**
 * Serves one subscription on one node. Must be thread-safe: partitions are delivered at
 * the same time.
 */
@FunctionalInterface
public interface EventConnection extends AutoCloseable {

	/**
	 * Takes one event. No transaction and no connection of the store is held meanwhile.
	 * The call is interrupted when it takes longer than the subscription's timeout.
	 * @param event the event, its data in the newest shape
	 * @param delivery how it comes
	 * @throws Exception when it has to be tried again; a
	 * {@link dev.events.RetryLaterException} says when, a
	 * {@link dev.events.NonRetryableEventException} that it is no use
	 */
	void deliver(Event<JsonNode> event, Delivery delivery) throws Exception;

	/**
	 * What operators should see of it, for example the last answer; no secrets, no data
	 * of events.
	 */
	default Map<String, Object> details() {
		return Map.of();
	}

	/** Ends it; no event is being delivered. */
	@Override
	default void close() {
	}

}
