package dev.events;

/**
 * Thrown by an {@link EventInterceptor} that refuses an event, and on to the publisher.
 */
public class EventRejectedException extends EventException {

	private static final long serialVersionUID = 1L;

	public EventRejectedException(String message) {
		super(message);
	}

}
