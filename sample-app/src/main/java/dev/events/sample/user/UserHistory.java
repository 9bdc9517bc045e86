package dev.events.sample.user;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.events.Event;
import dev.events.EventBus;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * What happened to a user, read from the event log.
 */
@RestController
class UserHistory {

	private static final int MAX_ENTRIES = 100;

	private final EventBus events;

	UserHistory(EventBus events) {
		this.events = events;
	}

	@GetMapping("/users/{id}/events")
	List<Entry> events(@PathVariable UUID id) {
		return this.events.query().key(id.toString()).list(MAX_ENTRIES).stream().map(Entry::of).toList();
	}

	/**
	 * One event.
	 *
	 * @param type what kind of event
	 * @param source who published it
	 * @param timestamp when it happened
	 * @param data what happened
	 */
	record Entry(String type, String source, Instant timestamp, Object data) {

		static Entry of(Event<Object> event) {
			return new Entry(event.type(), event.source(), event.timestamp(), event.data());
		}

	}

}
