package dev.events.test;

/**
 * Calls of the store that {@link TestEventBus} can let fail.
 */
public enum StoreCall {

	/** Storing published events. */
	APPEND("log", "append"),

	/** Keeping events for later. */
	SCHEDULE("schedule", "add"),

	/** Reading the log for subscribers. */
	FOLLOW("log", "follow"),

	/** Saving how far subscriptions have come, with retries and dead letters. */
	CHECKPOINT("cursors", "checkpoint"),

	/** Looking for retries that are due. */
	DUE("deliveries", "due");

	private final String part;

	private final String method;

	StoreCall(String part, String method) {
		this.part = part;
		this.method = method;
	}

	boolean is(String part, String method) {
		return this.part.equals(part) && this.method.equals(method);
	}

}
