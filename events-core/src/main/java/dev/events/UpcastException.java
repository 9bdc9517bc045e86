package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * An event cannot be brought into the shape that is asked for: a link of the chain of
 * upcasters is missing, or an upcaster failed. Trying again does not help, so the event
 * becomes a dead letter at once.
 */
public class UpcastException extends InvalidEventException {

	private static final long serialVersionUID = 1L;

	public UpcastException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
