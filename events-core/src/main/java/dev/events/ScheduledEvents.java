package dev.events;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Events that were published with {@link EventPublisher#publishAt} or
 * {@link EventPublisher#publishIn} and are not due yet. Thread-safe.
 *
 * <pre>{@code
 * UUID reminder = events.publishIn(Duration.ofDays(3), new OrderUnpaid(order.id())).event().id();
 * …
 * events.scheduled().cancel(reminder);
 * }</pre>
 */
public interface ScheduledEvents {

	/**
	 * One page, in the order in which they are due. Pages meet without gap while others
	 * are added and released.
	 * @param size at most so many, 1 to 1,000
	 * @param after {@link Page#next()} of the page before, or {@code null} for the first
	 * @throws IllegalArgumentException when {@code size} is out of range or {@code after}
	 * does not come from a page
	 */
	Page list(int size, @Nullable String after);

	/** The one with this id of an event, if it is still waiting. */
	Optional<ScheduledEvent> find(UUID id);

	/** How many are waiting. */
	long count();

	/**
	 * Cancels one: it will not be delivered. Part of the caller's transaction: one that
	 * is rolled back cancels nothing. While a transaction that cancels is open and the
	 * event becomes due, it waits for the outcome, as do later ones of its key. In a
	 * transaction that the store does not take part in it is cancelled after the commit,
	 * unless it was released before that.
	 * @param id of the event
	 * @return whether it was still waiting; if not, it was released or cancelled before,
	 * or there never was such an event
	 * @throws EventStoreException when the store does not answer; it was not cancelled
	 */
	boolean cancel(UUID id);

	/**
	 * A page of scheduled events.
	 *
	 * @param events the events, earliest due first
	 * @param next where the next page begins, or {@code null} after the last one
	 */
	record Page(List<ScheduledEvent> events, @Nullable String next) {

	}

}
