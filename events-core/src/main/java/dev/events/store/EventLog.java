package dev.events.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The append-only log of events, in position order.
 * <p>
 * A position is <em>settled</em> when the log up to it can never again change: no event
 * will appear at or below it. Readers that follow the log must never go past what is
 * settled.
 */
public interface EventLog {

	/**
	 * Position in the answer of {@link #append} for an event whose id was stored already.
	 */
	long DUPLICATE = -1;

	/** How many events {@link #count} reads at once by default. */
	int COUNT_PAGE = 500;

	/**
	 * Appends events as one unit, in the given order: as part of the caller's transaction
	 * if the store {@linkplain EventStore#isInTransaction() takes part} in it, else
	 * durable on return. An event whose id is in the log (or earlier in the list) is left
	 * out.
	 * @return for each event its position or {@link #DUPLICATE}
	 * @throws dev.events.EventStoreException when nothing was appended
	 * @throws dev.events.UnknownOutcomeException when nobody knows whether all of them
	 * were, or none
	 */
	List<Long> append(List<EventRecord> events);

	/**
	 * Follows the log: events after a settled position, in order, none left out. Stops in
	 * front of a position that is not settled, whatever lies behind it.
	 * @param after a settled position, 0 for the beginning
	 * @param limit at most so many events
	 */
	LogSegment follow(long after, int limit);

	/**
	 * As {@link #follow}, but may stop in front of a position of which it would cost
	 * something to find out whether it is settled. Asked while many publish, when most
	 * such positions are those of transactions that are just about to commit.
	 */
	default LogSegment followQuickly(long after, int limit) {
		return follow(after, limit);
	}

	/**
	 * Events with {@code after < position <= upTo}, in order, where {@code upTo} is
	 * settled.
	 */
	List<StoredEvent> read(long after, long upTo, int limit);

	/**
	 * The newest position known to be settled, not in front of an event that was followed
	 * and is still there; 0 for an empty log.
	 */
	long head();

	/** Events at these positions, in order; what does not exist is left out. */
	List<StoredEvent> readAll(Collection<Long> positions);

	/** The event with this id. */
	Optional<StoredEvent> find(UUID id);

	/**
	 * Committed events that meet the criteria, in position order or its reverse.
	 * @param criteria which events
	 * @param limit at most so many
	 */
	List<StoredEvent> query(EventCriteria criteria, int limit);

	/**
	 * How many events up to a settled position meet the criteria, by type. May take long.
	 * A store should count where the events are; by default all of them are read.
	 * @param criteria which events
	 * @param upTo no further than this
	 */
	default Map<String, Long> count(EventCriteria criteria, long upTo) {
		Map<String, Long> counts = new TreeMap<>();
		EventCriteria rest = criteria.oldestFirst();
		while (true) {
			List<StoredEvent> page = query(rest, COUNT_PAGE);
			for (StoredEvent event : page) {
				if (event.position() <= upTo) {
					counts.merge(event.event().type(), 1L, Long::sum);
				}
			}
			if (page.size() < COUNT_PAGE || page.get(COUNT_PAGE - 1).position() >= upTo) {
				return counts;
			}
			rest = rest.beyond(page.get(COUNT_PAGE - 1).position());
		}
	}

	/**
	 * Deletes events for good; readers that come by find nothing in their place. Their
	 * ids are forgotten, too. At once, never as part of the caller's transaction, and
	 * without holding up those who append.
	 * @param positions which ones, settled and below {@link #head()}: the newest event
	 * stays, so that the head never goes back
	 * @return how many were there
	 */
	int delete(Collection<Long> positions);

	/**
	 * Looks for expired events with {@code after < position <= upTo}, where {@code upTo}
	 * is settled.
	 * @param expiry what is expired
	 * @param limit looks at no more events than that, whether it applies to them or not
	 */
	default ExpiredPage expired(Expiry expiry, long after, long upTo, int limit) {
		List<ExpiredPage.Header> headers = read(after, upTo, limit).stream()
			.map((stored) -> new ExpiredPage.Header(stored.position(), stored.event().type(),
					stored.event().timestamp()))
			.toList();
		return ExpiredPage.of(expiry, headers, limit, upTo);
	}

	/**
	 * Position of the newest event of a selection behind so many newer ones. May take
	 * time in proportion to that number.
	 * @param events which events count
	 * @param newer how many newer ones there are
	 * @return 0 if there is none
	 */
	default long newest(EventSelection events, long newer) {
		EventCriteria criteria = new EventCriteria(List.of(events.type()), null, null, null, null, null, null, Map.of(),
				true, null);
		long left = newer;
		while (true) {
			List<StoredEvent> page = query(criteria, 500);
			for (StoredEvent stored : page) {
				if (events.matches(stored.event().type()) && left-- == 0) {
					return stored.position();
				}
			}
			if (page.size() < 500) {
				return 0;
			}
			criteria = criteria.beyond(page.get(page.size() - 1).position());
		}
	}

}
