package dev.events.delivery;

import java.util.List;

import dev.events.Event;

/**
 * Events that are handed to a handler together.
 *
 * @param events the events, one or more
 * @param positions their positions, in the same order
 * @param stored whether it is a stored delivery, and not from the log
 */
record Handover(List<Event<?>> events, List<Long> positions, boolean stored) {

	long firstPosition() {
		return this.positions.get(0);
	}

}
