package dev.events;

import java.time.Instant;

/**
 * A window of an {@link Aggregation} that has ended.
 *
 * @param aggregation name of the aggregation
 * @param key what its events have in common
 * @param startedAt when its first event was added, by the store's clock
 * @param endedAt when it ended, by the store's clock
 * @param events how many events it has, 1 or more
 * @param end why it has ended
 */
public record AggregationWindow(String aggregation, String key, Instant startedAt, Instant endedAt, int events,
		End end) {

	/**
	 * Why a window ends.
	 */
	public enum End {

		/** Its time was over. */
		TIME,

		/** It had as many events as it may have. */
		EVENTS,

		/** It had no room for the next event, or was full with its only one. */
		SIZE

	}

}
