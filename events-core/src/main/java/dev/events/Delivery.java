package dev.events;

/**
 * How an event comes to a subscriber. Valid during the call only.
 */
public interface Delivery {

	/** Id of the subscription. */
	String subscription();

	/** 1 for the first attempt, 2 for the first retry, and so on. */
	int attempt();

	/**
	 * Whether this is part of a replay, see {@link EventReplay}; also for a later attempt
	 * at an event that has failed there.
	 */
	default boolean isReplay() {
		return false;
	}

	/**
	 * Whether the event is a request, see {@link EventRequest}: what is returned now is
	 * an answer to it. Somebody waits, or has waited until his time was over. Not so in a
	 * replay.
	 */
	default boolean isRequest() {
		return false;
	}

	/**
	 * Lets a synchronous subscriber cancel the event.
	 * @throws IllegalStateException in an asynchronous subscriber, where the event is
	 * stored already
	 */
	Cancellation cancellation();

}
