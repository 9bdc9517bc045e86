package dev.events.test;

import dev.events.Event;
import org.jspecify.annotations.Nullable;

/**
 * One call of a handler, for one event.
 *
 * @param subscription id of the subscription
 * @param event the event, as the handler got it
 * @param attempt 1 for the first attempt
 * @param replay whether it was part of a replay
 * @param failure what the handler threw, or {@code null} when it succeeded
 */
public record HandledEvent(String subscription, Event<?> event, int attempt, boolean replay,
		@Nullable Throwable failure) {

	/** Whether the handler succeeded. */
	public boolean isDelivered() {
		return this.failure == null;
	}

}
