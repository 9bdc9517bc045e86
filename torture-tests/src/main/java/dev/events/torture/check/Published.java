package dev.events.torture.check;

import java.util.UUID;

/**
 * An event that was committed.
 *
 * @param id id of the event
 * @param key its key, or {@code "-"} for none
 * @param seq the number in its data; for an event without key 1
 * @param place by which the events of a key are ordered
 */
public record Published(UUID id, String key, long seq, long place) {

	/** Key of events that have none. */
	static final String NO_KEY = "-";

	/**
	 * An event whose number is given in the order of commit, from 1 in each key.
	 */
	public Published(UUID id, String key, long seq) {
		this(id, key, seq, seq);
	}

	@Override
	public String toString() {
		return this.key + "#" + this.seq + " (" + this.id + ")";
	}

	boolean isOrdered() {
		return !this.key.equals(NO_KEY);
	}

}
