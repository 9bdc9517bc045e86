package dev.events;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * State and progress of a replay at one moment.
 *
 * @param id unique id
 * @param subscription id of the subscription whose subscriber gets the events again
 * @param state what it is doing
 * @param total how many events it has, counted at its start
 * @param done how many of them are handled, or passed over because the subscriber does
 * not take them; one that has failed counts, too, for it goes on as every event that has
 * failed
 * @param failed attempts at its events that have failed
 * @param limit at most so many events a second, or 0 for any number
 * @param startedAt when it was started
 * @param finishedAt when it was completed or cancelled, or {@code null}
 * @param rate events a second on average since its start, pauses included
 * @param remaining how long it will take from now on at this rate, or {@code null} when
 * nobody can tell
 */
public record ReplayInfo(UUID id, String subscription, State state, long total, long done, long failed, double limit,
		Instant startedAt, @Nullable Instant finishedAt, double rate, @Nullable Duration remaining) {

	/**
	 * What a replay is doing.
	 */
	public enum State {

		/** Its events are delivered. */
		RUNNING,

		/**
		 * It stands still; live events of keys that it has still to come to wait
		 * meanwhile.
		 */
		PAUSED,

		/** All of its events are done. */
		COMPLETED,

		/** It was ended before that. */
		CANCELLED;

		/** Whether it is over. */
		public boolean isFinal() {
			return this == COMPLETED || this == CANCELLED;
		}

	}

}
