package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * An encrypted event cannot be read: its key is not known, it was changed in the store,
 * or what it holds is not of the type asked for. Trying again does not help, so the event
 * becomes a dead letter at once; when the reason is gone, it can be retried. The message
 * never quotes data or keys.
 */
public class EncryptedEventException extends InvalidEventException {

	private static final long serialVersionUID = 1L;

	public EncryptedEventException(String message) {
		super(message);
	}

	public EncryptedEventException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
