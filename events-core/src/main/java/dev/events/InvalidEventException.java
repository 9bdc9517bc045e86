package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * The event cannot be published or read as it is: a wrong name, no data, data that is too
 * large or that Jackson cannot write or read. Trying again does not help.
 */
public class InvalidEventException extends EventException {

	private static final long serialVersionUID = 1L;

	public InvalidEventException(String message) {
		super(message);
	}

	public InvalidEventException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
