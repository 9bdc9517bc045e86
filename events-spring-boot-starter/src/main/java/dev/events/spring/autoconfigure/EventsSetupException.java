package dev.events.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * The application's configuration does not fit together; says what to do.
 */
final class EventsSetupException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	EventsSetupException(String description, String action) {
		this(description, action, null);
	}

	EventsSetupException(String description, String action, @Nullable Throwable cause) {
		super(description, cause);
		this.action = action;
	}

	/** What to do about it. */
	String action() {
		return this.action;
	}

}
