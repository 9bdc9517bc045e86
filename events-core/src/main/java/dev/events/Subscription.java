package dev.events;

/**
 * The registration of a subscriber on this node. Thread-safe.
 */
public interface Subscription extends AutoCloseable {

	/** Unique id; generated for subscriptions that are not durable. */
	String id();

	/** Whether a cursor is kept, so that nothing is missed while no node serves it. */
	boolean isDurable();

	/**
	 * Ends delivery on this node; waits for running handlers. A durable subscription
	 * stays in the store and goes on where it was when it is registered again; to delete
	 * it use {@link Subscriptions#delete(String)}. Closing twice does nothing.
	 */
	@Override
	void close();

}
