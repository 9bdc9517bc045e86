package dev.events;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * When items are emitted, and as what. Immutable.
 *
 * <pre>{@code
 * BatchOptions.size(50).interval(Duration.ofSeconds(5))
 * }</pre>
 *
 * @param size so many items are emitted at once, 1 to 10,000
 * @param interval an item waits no longer for others, 1 ms to 1 hour
 * @param capacity so many items wait at most; whoever adds more waits, too
 * @param key ordering key of the events, or {@code null} for none
 * @param organization organization of the events, or {@code null} for none
 */
public record BatchOptions(int size, Duration interval, int capacity, @Nullable String key,
		@Nullable String organization) {

	private static final int MAX_SIZE = 10_000;

	private static final int DEFAULT_CAPACITY = 10_000;

	private static final Duration MIN_INTERVAL = Duration.ofMillis(1);

	private static final Duration MAX_INTERVAL = Duration.ofHours(1);

	/**
	 * Checks the options.
	 * @throws IllegalArgumentException when one is out of range
	 */
	public BatchOptions {
		require(size >= 1 && size <= MAX_SIZE, "size is " + size + "; it must be from 1 to " + MAX_SIZE);
		require(interval.compareTo(MIN_INTERVAL) >= 0 && interval.compareTo(MAX_INTERVAL) <= 0,
				"interval is " + interval + "; it must be from 1 ms to 1 hour");
		require(capacity >= size, "capacity is " + capacity + "; it must be at least the size, " + size);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException("Batch: " + message);
		}
	}

	/** So many items at once, or those there are after 1 second; 10,000 may wait. */
	public static BatchOptions size(int size) {
		return new BatchOptions(size, Duration.ofSeconds(1), DEFAULT_CAPACITY, null, null);
	}

	/** A copy that lets no item wait longer. */
	public BatchOptions interval(Duration interval) {
		return new BatchOptions(this.size, interval, this.capacity, this.key, this.organization);
	}

	/** A copy that lets so many items wait. */
	public BatchOptions capacity(int capacity) {
		return new BatchOptions(this.size, this.interval, capacity, this.key, this.organization);
	}

	/** A copy whose events have this key: they are handled in order. */
	public BatchOptions key(String key) {
		return new BatchOptions(this.size, this.interval, this.capacity, key, this.organization);
	}

	/** A copy whose events belong to this organization. */
	public BatchOptions organization(String organization) {
		return new BatchOptions(this.size, this.interval, this.capacity, this.key, organization);
	}

}
