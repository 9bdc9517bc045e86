package dev.events.torture.check;

import java.util.UUID;

/**
 * An event that was committed.
 *
 * @param id id of the event
 * @param key its key, or {@code "-"} for none
 * @param seq its number within the key, from 1, in the order of commit; for an event
 * without key 1
 */
public record Published(UUID id, String key, long seq) {

	/** Key of events that have none. */
	static final String NO_KEY = "-";

	@Override
	public String toString() {
		return this.key + "#" + this.seq + " (" + this.id + ")";
	}

	boolean isOrdered() {
		return !this.key.equals(NO_KEY);
	}

}
