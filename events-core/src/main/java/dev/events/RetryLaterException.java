package dev.events;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A handler failed and knows how long to wait before it makes sense to try again, for
 * example because a remote service answered with {@code Retry-After}. The attempt counts;
 * the next one comes after this delay or after that of the {@link RetryPolicy}, whichever
 * is longer.
 *
 * <pre>{@code
 * throw new RetryLaterException("The shop is closed for maintenance", Duration.ofMinutes(10), ex);
 * }</pre>
 */
public class RetryLaterException extends EventException {

	private static final long serialVersionUID = 1L;

	/** Longest delay that is honoured; a longer one is taken for this. */
	public static final Duration MAX_DELAY = Duration.ofDays(1);

	private final Duration delay;

	/**
	 * Creates an exception.
	 * @param delay how long to wait; at most {@link #MAX_DELAY} of it, and nothing when
	 * it is negative
	 */
	public RetryLaterException(String message, Duration delay) {
		this(message, delay, null);
	}

	/**
	 * Creates an exception with a cause.
	 */
	public RetryLaterException(String message, Duration delay, @Nullable Throwable cause) {
		super(message, cause);
		Duration bounded = (delay.compareTo(MAX_DELAY) > 0) ? MAX_DELAY : delay;
		this.delay = bounded.isNegative() ? Duration.ZERO : bounded;
	}

	/** How long to wait, from zero to {@link #MAX_DELAY}. */
	public Duration delay() {
		return this.delay;
	}

}
