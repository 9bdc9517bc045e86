package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a subscriber to say that trying again cannot help: the event becomes a dead
 * letter at once.
 */
public class NonRetryableEventException extends EventException {

	private static final long serialVersionUID = 1L;

	public NonRetryableEventException(String message) {
		super(message);
	}

	public NonRetryableEventException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
