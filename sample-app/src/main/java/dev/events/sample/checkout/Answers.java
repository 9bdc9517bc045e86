package dev.events.sample.checkout;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import dev.events.Event;

/**
 * Answers to events that may come more than once.
 */
final class Answers {

	private Answers() {
	}

	/** The same answer has the same id, which is stored once. */
	static Event<?> to(Event<?> event, Object answer) {
		return Event.of(answer)
			.withId(UUID.nameUUIDFromBytes(("answer to " + event.id()).getBytes(StandardCharsets.UTF_8)));
	}

}
