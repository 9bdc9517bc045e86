package dev.events.request;

import java.time.Duration;

import dev.events.EventRequest;

/**
 * How requests wait.
 *
 * @param timeout how long a request waits that does not say so itself
 * @param maxPending most requests of a node that wait at the same time
 */
public record RequestSettings(Duration timeout, int maxPending) {

	/** 10 s, 10,000 requests. */
	public static final RequestSettings DEFAULT = new RequestSettings(Duration.ofSeconds(10), 10_000);

	public RequestSettings {
		requireTimeout("Requests: timeout", timeout);
		if (maxPending < 1) {
			throw new IllegalArgumentException("Requests: max-pending must be at least 1");
		}
	}

	/**
	 * Checks a time to wait.
	 * @throws IllegalArgumentException when it is not possible
	 */
	public static Duration requireTimeout(String name, Duration timeout) {
		if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(EventRequest.MAX_TIMEOUT) > 0) {
			throw new IllegalArgumentException(name + " must be greater than 0 and at most 1h");
		}
		return timeout;
	}

}
