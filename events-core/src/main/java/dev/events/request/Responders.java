package dev.events.request;

import java.util.Set;

import dev.events.Event;

/**
 * Knows who could answer a request. Implementations are thread-safe.
 */
@FunctionalInterface
public interface Responders {

	/**
	 * Who, as far as this node and the store know.
	 * @throws dev.events.EventStoreException when the store cannot tell
	 */
	Known of(Event<?> request);

	/**
	 * Who could answer a request.
	 *
	 * @param anybody whether anybody takes it at all
	 * @param ids those who may answer it, as they sign answers
	 */
	record Known(boolean anybody, Set<String> ids) {

	}

}
