package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * There will be no answer to a request; the message says why.
 *
 * @see EventRequest
 */
public class RequestFailedException extends EventException {

	private static final long serialVersionUID = 1L;

	public RequestFailedException(String message) {
		super(message);
	}

	public RequestFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
