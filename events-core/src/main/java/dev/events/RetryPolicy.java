package dev.events;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and when a failed delivery is tried again: after {@code initialDelay}, then
 * each time {@code multiplier} times as long, never more than {@code maxDelay}, each
 * spread at random by {@code jitter}. Immutable.
 *
 * @param maxAttempts how many attempts in all, the first included; at least 1
 * @param initialDelay time from the first failure to the second attempt
 * @param multiplier growth from one delay to the next; at least 1
 * @param maxDelay longest delay before jitter
 * @param jitter share of the delay by which it may be longer or shorter, 0 to 1
 */
public record RetryPolicy(int maxAttempts, Duration initialDelay, double multiplier, Duration maxDelay, double jitter) {

	/** 5 attempts, 1 s doubling up to 5 min, 20 % jitter. */
	public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0.2);

	public RetryPolicy {
		require(maxAttempts >= 1, "max-attempts is " + maxAttempts + "; write 1 (no retry) or more");
		require(!initialDelay.isNegative(), "initial-delay is negative");
		require(multiplier >= 1 && Double.isFinite(multiplier), "multiplier is " + multiplier + "; write 1 or more");
		require(maxDelay.compareTo(initialDelay) >= 0, "max-delay is shorter than initial-delay");
		require(maxDelay.compareTo(Duration.ofDays(366)) <= 0, "max-delay is longer than a year");
		require(jitter >= 0 && jitter <= 1, "jitter is " + jitter + "; write a number from 0 to 1");
	}

	/** A copy with another number of attempts. */
	public RetryPolicy withMaxAttempts(int maxAttempts) {
		return new RetryPolicy(maxAttempts, this.initialDelay, this.multiplier, this.maxDelay, this.jitter);
	}

	/**
	 * The time to wait before the next attempt.
	 * @param failedAttempts how many attempts have failed so far, 1 or more
	 * @param random source of the jitter
	 */
	public Duration delayAfter(int failedAttempts, RandomGenerator random) {
		double delay = this.initialDelay.toNanos() / 1e9 * Math.pow(this.multiplier, failedAttempts - 1);
		delay = Math.min(delay, this.maxDelay.toNanos() / 1e9);
		delay *= 1 + this.jitter * (2 * random.nextDouble() - 1);
		return Duration.ofNanos((long) (delay * 1e9));
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException("Retry policy: " + message);
		}
	}

}
