package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * Nobody knows whether the store did what was asked: the connection broke, or the answer
 * did not come in time, when it may have been done already. Of a publishing method: all
 * events of the call are stored, or none of them. To be certain publish them again, the
 * same {@link Event}s with the same ids: the log takes each id once, and tells of one
 * that it has as {@link Publication.Outcome#DUPLICATE}.
 *
 * <pre class="code">
 * Event&lt;Order&gt; placed = Event.of("order.placed", order);
 * try {
 *     events.publish(placed);
 * }
 * catch (UnknownOutcomeException ex) {
 *     events.publish(placed);
 * }
 * </pre> Any other {@link EventStoreException} says that it was not done.
 */
public class UnknownOutcomeException extends EventStoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what it is of which nobody knows
	 * @param cause the error, or {@code null}
	 */
	public UnknownOutcomeException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
