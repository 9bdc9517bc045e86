package dev.events;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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

	/**
	 * Begins a request: an event that is published, and for answers to which somebody
	 * waits.
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 * @throws InvalidEventException when it is neither
	 */
	EventRequest<Object> request(Object event);

	/**
	 * Publishes an event and waits for the first answer to it, from whichever node; see
	 * {@link EventRequest#first()}.
	 *
	 * <pre>{@code
	 * Event<Object> answer = events.request(new PriceAsked("book"), Duration.ofSeconds(2)).join();
	 * }</pre>
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 * @param timeout how long to wait
	 * @return completes with the answer, its data as plain maps, lists, strings, numbers
	 * and booleans, or exceptionally when there is none
	 */
	default CompletableFuture<Event<Object>> request(Object event, Duration timeout) {
		return request(event).within(timeout).first();
	}

	/**
	 * As {@link #request(Object, Duration)}, for an answer of a class.
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 * @param answerType class of the answer's data; if it carries {@link EventType}, only
	 * events of that type are answers
	 * @param timeout how long to wait
	 */
	default <A> CompletableFuture<Event<A>> request(Object event, Class<A> answerType, Duration timeout) {
		return request(event).as(answerType).within(timeout).first();
	}

	/**
	 * Opens an emitter, which collects items and emits them as one event. Open one for
	 * each type, not for each use: it has a thread, until it or the bus is closed.
	 *
	 * <pre>{@code
	 * BatchEmitter<PageView> views = events.batch("analytics.views", BatchOptions.size(50));
	 * }</pre>
	 * @param type type of the events; their data is an {@link EventBatch}
	 * @param options when to emit
	 * @throws InvalidEventException when type, key or organization are not valid
	 * @throws IllegalStateException when the bus is closed
	 */
	<T> BatchEmitter<T> batch(String type, BatchOptions options);

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
