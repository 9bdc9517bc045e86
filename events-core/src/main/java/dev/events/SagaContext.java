package dev.events;

import java.time.Duration;
import java.util.List;

/**
 * What a step of a {@link Saga} can do besides changing the state. Whatever it asks for
 * happens together with the change of the state, in one step of the store, when it has
 * returned; nothing of it happens when it throws. For the thread of the step, and valid
 * during the call only.
 */
public interface SagaContext {

	/** The key of the saga. */
	String key();

	/** The correlation id of the event that has started the saga. */
	String correlationId();

	/** The event types of the steps that are completed, in order. */
	List<String> completedSteps();

	/**
	 * Publishes an event, as {@link EventPublisher#publish(Object)} does. Where they are
	 * not set it gets the saga's correlation id; the saga's key as its ordering key, so
	 * that what the saga asks for and answers that take over the key come in order; and
	 * the organization of the event that moves the saga, or else that of the event that
	 * has started it.
	 * <p>
	 * Synchronous subscribers can refuse an event, so they are called before the step is
	 * stored. Steps of one saga are made one after the other on a node, and before the
	 * first synchronous subscriber is called the saga is looked at once more. When it has
	 * changed by then the step is made anew, and nobody is called for the one made in
	 * vain; when another node changes it while they run, they are called again. What they
	 * do must be allowed to happen twice, unless it belongs to a transaction that is
	 * rolled back with the step. {@code @EventListener}s, and others to whom events are
	 * forwarded, get only what is stored.
	 * @param event an {@link Event}, or data of a class that carries {@link EventType}
	 */
	void publish(Object event);

	/**
	 * Lets the time of the saga run out after this time from now, instead of what was
	 * said before. It runs out some seconds later, when the subscription is known to be
	 * past all that was in the log by then.
	 * @throws IllegalArgumentException when it is negative, or longer than ten years
	 */
	void timeoutIn(Duration timeout);

	/** Lets the saga take any time from now on. */
	void noTimeout();

	/** Ends the saga: it has reached what it was for. */
	void complete();

	/**
	 * Takes back what was done: runs the compensations of all completed steps, the last
	 * one first, and ends the saga. The present step is not one of them.
	 * @param reason why, for people
	 */
	void compensate(String reason);

}
