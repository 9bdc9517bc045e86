package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * A schema cannot be used or registered as it is, or a migration cannot be made of two;
 * nothing was changed.
 */
public class InvalidSchemaException extends EventException {

	private static final long serialVersionUID = 1L;

	public InvalidSchemaException(String message) {
		super(message);
	}

	public InvalidSchemaException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
