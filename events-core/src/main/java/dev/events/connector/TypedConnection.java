package dev.events.connector;

import java.lang.reflect.Type;

import dev.events.Delivery;
import dev.events.Event;
import tools.jackson.databind.JsonNode;

/**
 * A connection that takes data as objects of a class, read as for a subscriber: in the
 * version that the class wants, not in the newest one. Must be thread-safe.
 *
 * @param <T> type of the data
 */
public interface TypedConnection<T> extends EventConnection {

	/** How data is read. */
	Type dataType();

	/**
	 * Takes one event, as {@link #deliver(Event, Delivery)} does.
	 * @throws Exception when it has to be tried again
	 */
	void deliverTyped(Event<T> event, Delivery delivery) throws Exception;

	@Override
	default void deliver(Event<JsonNode> event, Delivery delivery) {
		throw new IllegalStateException("The connection takes objects");
	}

}
