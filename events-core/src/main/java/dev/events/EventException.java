package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * Base of all errors that the event bus reports. When a publishing method throws one of
 * these, nothing of that call was stored; an {@link UnknownOutcomeException} says that
 * nobody knows.
 */
public class EventException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public EventException(String message) {
		super(message);
	}

	public EventException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
