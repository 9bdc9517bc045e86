package dev.events;

import java.util.List;

/**
 * What applications publish to and subscribe on: a durable log of events, and for every
 * durable subscription a cursor into it. Thread-safe.
 *
 * <pre>{@code
 * events.publish(new UserRegistered(user.id(), user.email()));
 * try (Subscription s = events.subscribe("user.**", event -> log.info("{}", event))) { … }
 * List<Event<Object>> recent = events.history("user.registered", 10);
 * }</pre>
 */
public interface EventBus extends EventPublisher {

	/**
	 * A publisher that stamps its events with the given source, unless they have one
	 * already.
	 * @param source for example the name of a plugin
	 */
	EventPublisher from(String source);

	/**
	 * Subscribes a handler on this node from now on, until the subscription is closed or
	 * the node stops. It keeps no cursor: what happens while it is not there passes it
	 * by.
	 * @param pattern see {@link EventPattern}
	 * @param handler called for each matching event, in parallel for different keys;
	 * receives data as plain maps, lists, strings, numbers and booleans
	 * @throws InvalidSubscriptionException when the pattern is not valid or the type has
	 * too many subscribers
	 */
	Subscription subscribe(String pattern, EventHandler<Object> handler);

	/**
	 * As {@link #subscribe(String, EventHandler)}, for the event type of a class.
	 * @param dataType a class that carries {@link EventType}
	 * @param handler called for each matching event with data of that class
	 */
	<T> Subscription subscribe(Class<T> dataType, EventHandler<T> handler);

	/**
	 * Subscribes with all options; one with an id is durable: it receives everything that
	 * is committed after this method has returned, whether delivery has begun or not.
	 * @param subscriber what to call for which events
	 * @throws InvalidSubscriptionException when the id is taken on this node or the type
	 * has too many subscribers
	 */
	Subscription subscribe(Subscriber<?> subscriber);

	/** The subscriptions that the store knows, whichever node serves them. */
	Subscriptions subscriptions();

	/** A query over all stored events. */
	EventQuery query();

	/**
	 * The newest stored events of a type, newest first.
	 * @param typePattern see {@link EventPattern}
	 * @param limit at most so many, 1 to 10,000
	 */
	List<Event<Object>> history(String typePattern, int limit);

	/** Begins a replay of stored events to a subscriber. */
	EventReplay replay();

	/** The replays that the store knows, whichever nodes run them. */
	Replays replays();

	/** The sagas, to run and to look at. */
	Sagas sagas();

	/** The aggregations, to run and to look at. */
	Aggregations aggregations();

	/** Events that wait for their time. */
	ScheduledEvents scheduled();

	/** Deliveries that were given up. */
	DeadLetters deadLetters();

	/**
	 * The persons that encrypted events are about, to forget them.
	 * @throws IllegalStateException by its methods, when there are no keys
	 */
	DataSubjects dataSubjects();

	/** The schemas of event types. */
	SchemaRegistry schemas();

	/** Counts since this node started, and the state of subscriptions and nodes. */
	EventStats stats();

}
