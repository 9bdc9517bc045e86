package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * Upcasters do not form chains: one goes backwards, two begin at the same version, or a
 * type or version is not valid.
 */
public class InvalidUpcasterException extends EventException {

	private static final long serialVersionUID = 1L;

	public InvalidUpcasterException(String message) {
		super(message);
	}

	public InvalidUpcasterException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
