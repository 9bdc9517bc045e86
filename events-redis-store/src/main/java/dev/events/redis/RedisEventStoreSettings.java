package dev.events.redis;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where the keys are and how the server is talked to.
 *
 * @param keyPrefix in braces it begins the name of every key, and so decides in which
 * slot of a cluster the store lives
 * @param timeout how long one call of the server may take, and how long is waited for a
 * connection
 * @param evictionCheck what to do when the server may evict events
 * @param index whether events are indexed in the background, which lets queries read what
 * they look for, and not all of the log
 */
public record RedisEventStoreSettings(String keyPrefix, Duration timeout, EvictionCheck evictionCheck, boolean index) {

	private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.:-]{1,100}");

	private static final Duration SHORTEST = Duration.ofMillis(100);

	private static final Duration LONGEST = Duration.ofMinutes(1);

	/**
	 * Keys begin with {@code {events}}; three seconds; refuses a server that evicts;
	 * indexes.
	 */
	public static final RedisEventStoreSettings DEFAULT = new RedisEventStoreSettings("events", Duration.ofSeconds(3),
			EvictionCheck.FAIL, true);

	public RedisEventStoreSettings {
		if (!PREFIX.matcher(keyPrefix).matches()) {
			throw new IllegalArgumentException("events.redis.key-prefix is '" + keyPrefix
					+ "'; write 1 to 100 letters, digits and characters of _ . : -, for example shop-events");
		}
		if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"events.redis.timeout is " + timeout + "; write a duration from 100ms to 1m, for example 3s");
		}
	}

	/**
	 * What to do when the server's {@code maxmemory-policy} lets it drop events.
	 */
	public enum EvictionCheck {

		/** The store cannot be created. */
		FAIL,

		/** A warning is logged. */
		WARN,

		/** Nothing. */
		OFF

	}

}
