package dev.events;

/**
 * Handles events.
 *
 * @param <T> type of the data
 */
@FunctionalInterface
public interface EventHandler<T> {

	/**
	 * Handles one event. Returning normally means done; the event is not delivered to
	 * this subscription again, except after a crash in the short time before the cursor
	 * is saved.
	 * @param event the event
	 * @throws Exception when it did not succeed; the event is tried again later, unless
	 * it is a {@link NonRetryableEventException}
	 */
	void handle(Event<T> event) throws Exception;

}
