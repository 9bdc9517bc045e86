package dev.events;

/**
 * Lets a synchronous subscriber stop an event: subscribers of lower priority are not
 * called and nothing is stored. The publisher sees {@link Publication.Outcome#CANCELLED}.
 * Not thread-safe; for the thread that handles the event.
 */
public interface Cancellation {

	/**
	 * Cancels the event.
	 * @param reason for the publisher and the counters; should not hold sensitive data
	 */
	void cancel(String reason);

	/** Whether this subscriber has cancelled the event. */
	boolean isCancelled();

}
