package dev.events;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A handler took longer than its timeout and was interrupted; the cause is what it threw
 * then. Counts as a failed attempt.
 */
public class HandlerTimeoutException extends EventException {

	private static final long serialVersionUID = 1L;

	public HandlerTimeoutException(Duration timeout, @Nullable Throwable cause) {
		super("The handler took longer than " + timeout.toMillis() + " ms", cause);
	}

}
