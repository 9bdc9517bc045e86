package dev.events;

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
	 */
	Publication publish(Object event);

	/**
	 * Publishes events as one batch: either all of them that nobody cancelled or dropped
	 * are stored, or, when this method throws, none.
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
	 * exceptionally when it was not stored (for example rolled back)
	 */
	CompletableFuture<Publication> publishAsync(Object event);

	/**
	 * Publishes as {@link #publishAsync(Object)} does, for callers that do not want to
	 * hear of the outcome. A failure is logged and counted, never thrown.
	 * @param event an {@link Event}, or an object whose class carries {@link EventType}
	 */
	void publishAndForget(Object event);

}
