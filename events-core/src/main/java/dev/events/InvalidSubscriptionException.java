package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * A subscriber cannot be registered as it is: an id that is taken, a pattern or filter
 * that cannot be read, a method signature that cannot be called, or too many subscribers
 * for one event type. Nothing was registered.
 */
public class InvalidSubscriptionException extends EventException {

	private static final long serialVersionUID = 1L;

	public InvalidSubscriptionException(String message) {
		super(message);
	}

	public InvalidSubscriptionException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
