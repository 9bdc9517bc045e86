package dev.events.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which events are no longer kept.
 *
 * @param events to which events it applies
 * @param before those with a timestamp before this, or {@code null} if age does not
 * matter
 * @param upTo and those up to this position
 */
public record Expiry(EventSelection events, @Nullable Instant before, long upTo) {

	/** Whether an event to which it applies is no longer kept. */
	public boolean isExpired(long position, Instant timestamp) {
		return position <= this.upTo || this.before != null && timestamp.isBefore(this.before);
	}

}
