package dev.events;

import java.time.Instant;
import java.util.UUID;

/**
 * An event that waits for its time.
 *
 * @param event the event as it will be stored; its data is the JSON text, cipher text if
 * it is encrypted
 * @param dueAt when it is due
 */
public record ScheduledEvent(Event<String> event, Instant dueAt) {

	/** Id of the event, to {@link ScheduledEvents#cancel cancel} it. */
	public UUID id() {
		return this.event.id();
	}

}
