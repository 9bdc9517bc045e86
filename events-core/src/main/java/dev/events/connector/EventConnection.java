package dev.events.connector;

import java.util.List;
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
	 * Takes events that come next in a partition, of different keys and types, when
	 * {@link EventConnector#batchSize()} is more than 1; otherwise as
	 * {@link #deliver(Event, Delivery)}, which the default calls for each. Returning
	 * normally means that all of them are done.
	 * @param events one or more events, in the order of the log
	 * @throws Exception when it did not succeed: each of the events has failed once, and
	 * is tried again later on its own, so what was taken of them comes again. An event
	 * must therefore not be sent before the one in front of it with the same key has been
	 * taken
	 */
	default void deliverAll(List<Event<JsonNode>> events, Delivery delivery) throws Exception {
		for (Event<JsonNode> event : events) {
			deliver(event, delivery);
		}
	}

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
