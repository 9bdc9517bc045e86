package dev.events;

/**
 * There was no answer to a request in time. The message says what is known of those who
 * could have answered.
 *
 * @see EventRequest
 */
public class RequestTimeoutException extends RequestFailedException {

	private static final long serialVersionUID = 1L;

	public RequestTimeoutException(String message) {
		super(message);
	}

}
