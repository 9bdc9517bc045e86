package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * The source of keys for encryption failed. Trying again may help.
 */
public class EventKeyException extends EventException {

	private static final long serialVersionUID = 1L;

	public EventKeyException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
