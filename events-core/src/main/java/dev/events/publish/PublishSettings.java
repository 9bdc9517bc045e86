package dev.events.publish;

import java.time.Duration;

/**
 * How events are published.
 *
 * @param maxPayloadSize largest data of an event as JSON, in bytes
 * @param bufferCapacity how many events the buffer of asynchronous publishing holds
 * before publishers have to wait
 * @param batchSize most events that are stored together from the buffer
 * @param linger how long a batch that is not full waits for more
 */
public record PublishSettings(int maxPayloadSize, int bufferCapacity, int batchSize, Duration linger) {

	/** 1 MiB, 10,000 events, 500 events, 5 ms. */
	public static final PublishSettings DEFAULT = new PublishSettings(1024 * 1024, 10_000, 500, Duration.ofMillis(5));

	public PublishSettings {
		require(maxPayloadSize >= 1, "max-payload-size must be at least 1 byte");
		require(bufferCapacity >= 1, "buffer-size must be at least 1");
		require(batchSize >= 1 && batchSize <= bufferCapacity, "batch-size must be from 1 to buffer-size");
		require(!linger.isNegative() && linger.compareTo(Duration.ofMinutes(1)) <= 0,
				"linger must be from 0 to 1 minute");
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException("Publishing: " + message);
		}
	}

}
