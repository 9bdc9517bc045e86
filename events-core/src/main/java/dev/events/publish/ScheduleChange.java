package dev.events.publish;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.events.store.EventRecord;

/**
 * What a transaction wants to change about scheduled events.
 */
sealed interface ScheduleChange {

	/**
	 * Lets events wait.
	 *
	 * @param events the events
	 * @param dueAt when they are due
	 */
	record Add(List<EventRecord> events, Instant dueAt) implements ScheduleChange {

	}

	/**
	 * Cancels an event.
	 *
	 * @param id its id
	 */
	record Cancel(UUID id) implements ScheduleChange {

	}

}
