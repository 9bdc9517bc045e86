package dev.events;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes events. What is published is either an {@link Event} or an object whose class
 * carries {@link EventType}. Inside a transaction of the store's database the event is
 * part of it: committed with the business data or not at all. Outside one it is durable
 * when the method returns. Thread-safe.
 * <p>
 * Do not catch an {@link EventStoreException} inside a transaction in order to go on: the
 * database has refused a statement of the transaction, and on PostgreSQL that means that
 * it can only be rolled back. The other exceptions are thrown before anything reaches the
 * database and leave the transaction as it was.
 *
 * <pre class="code">
 * &#064;Transactional
 * public void register(User user) {
 *     users.save(user);
 *     events.publish(new UserRegistered(user.id(), user.email()));
 * }
 * </pre>
 */
public interface EventPublisher {

	/**
	 * Publishes one event.
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 * @return what became of it
	 * @throws InvalidEventException when the event cannot be published as it is
	 * @throws EventRejectedException when an interceptor refuses it
	 * @throws SynchronousSubscriberException when synchronous subscribers failed
	 * @throws EventStoreException when the store did not take it; the transaction around
	 * it, if there is one, cannot be committed any more
	 * @throws UnknownOutcomeException when nobody knows whether the store took it; it can
	 * be published again to be certain
	 */
	Publication publish(Object event);

	/**
	 * Publishes events as one batch: either all of them that nobody cancelled or dropped
	 * are stored, or, when this method throws, none (which of the two, an
	 * {@link UnknownOutcomeException} does not know).
	 * @param events {@link Event}s or objects whose classes carry {@link EventType}
	 * @return what became of each, in the same order
	 * @throws EventException as {@link #publish(Object)} does
	 */
	List<Publication> publishAll(Collection<?> events);

	/**
	 * Publishes without waiting for the store. Inside a transaction the event is appended
	 * at once, as part of it. Otherwise it goes through a bounded buffer and is stored
	 * together with others; when the buffer is full, this method waits for a place.
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 * @return completes when the event is durable (inside a transaction: committed), or
	 * exceptionally when it was not stored (for example rolled back), with an
	 * {@link UnknownOutcomeException} when it may have been
	 */
	CompletableFuture<Publication> publishAsync(Object event);

	/**
	 * Publishes as {@link #publishAsync(Object)} does, for callers that do not want to
	 * hear of the outcome. A failure is logged and counted, never thrown.
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 */
	void publishAndForget(Object event);

	/**
	 * Publishes an event that is delivered not before a given time. It is kept by the
	 * store until then: as part of the caller's transaction, durable when this method
	 * returns outside one, so it is stored and delivered as any other, whichever nodes
	 * are running when it is due. Within a second of its time by the store's clock it is
	 * in the log; events with the same key in the order of their times, those of the same
	 * time in the order in which they were scheduled.
	 * <p>
	 * What belongs to the publisher happens now, in his thread and transaction:
	 * interceptors and synchronous subscribers see the event (and may change, drop,
	 * refuse or cancel it), source, correlation and cause are set. What synchronous
	 * subscribers return is scheduled for the same time, behind it, with ids of its own.
	 * Listeners of application events, who would take it for something that has happened,
	 * do not hear of it. The event's timestamp becomes the time at which it is due,
	 * unless it is later already.
	 * @param dueAt when it is due; a time that has passed means at once, the latest is
	 * {@link Event#LATEST_TIMESTAMP}
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 * @return what became of it; its event's id serves to
	 * {@linkplain ScheduledEvents#cancel cancel} it
	 * @throws EventException as {@link #publish(Object)} does; an
	 * {@link InvalidEventException} also when the time is too late
	 */
	Publication publishAt(Instant dueAt, Object event);

	/**
	 * Publishes an event that is delivered not before some time has passed, by the
	 * store's clock from now on; otherwise as {@link #publishAt(Instant, Object)}.
	 * @param delay how long to wait; nothing or less means at once
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 * @return what became of it
	 * @throws EventException as {@link #publishAt(Instant, Object)} does
	 */
	Publication publishIn(Duration delay, Object event);

}
