package dev.events.redis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.events.store.EventCriteria;
import dev.events.store.EventSelection;
import dev.events.store.StoredEvent;

/**
 * Counts events by the lists of the index, without reading them; only those are read that
 * are not indexed yet.
 */
final class EventCounts {

	private static final int PAGE = 500;

	private final RedisCalls calls;

	private final StreamReader reader;

	EventCounts(RedisCalls calls, StreamReader reader) {
		this.calls = calls;
		this.reader = reader;
	}

	/** Whether the index says exactly which events meet the criteria. */
	static boolean isFor(EventCriteria criteria) {
		return criteria.correlationId() == null && criteria.since() == null && criteria.until() == null
				&& criteria.metadata().isEmpty();
	}

	/** As {@link dev.events.store.EventLog#count}. */
	Map<String, Long> count(EventCriteria criteria, long upTo) {
		Map<String, Long> counts = new TreeMap<>();
		Long beyond = criteria.beyond();
		long from = (beyond != null) ? Math.max(1, beyond + 1) : 1;
		IndexSearch search = new IndexSearch(this.calls, this.reader, false, true);
		long indexed = Math.min(upTo, search.upTo());
		IndexSearch.Counting counting = search.counting((type) -> criteria.types().isEmpty()
				|| criteria.types().stream().anyMatch((pattern) -> pattern.matches(type)), criteria, from);
		for (long place = counting.places().next(from); place <= indexed; place = counting.places().next(place + 1)) {
			counts.merge(counting.type(), 1L, Long::sum);
		}
		long after = Math.max(from - 1, search.upTo());
		while (after < upTo) {
			List<StoredEvent> page = this.reader.read(after + 1, upTo, PAGE);
			page.stream()
				.filter((stored) -> criteria.matches(stored.event()))
				.forEach((stored) -> counts.merge(stored.event().type(), 1L, Long::sum));
			after = (page.size() < PAGE) ? upTo : page.get(PAGE - 1).position();
		}
		return counts;
	}

	/** As {@link dev.events.store.EventLog#newest}. */
	long newest(EventSelection events, long newer) {
		IndexSearch search = new IndexSearch(this.calls, this.reader, true, true);
		long left = newer;
		long to = StreamReader.NEWEST;
		List<StoredEvent> page;
		do {
			page = this.reader.readBackwards(search.upTo() + 1, to, PAGE);
			for (StoredEvent stored : page) {
				if (events.matches(stored.event().type()) && left-- == 0) {
					return stored.position();
				}
				to = stored.position() - 1;
			}
		}
		while (page.size() == PAGE && to > search.upTo());
		Candidates places = search.counting(events::matches, EventCriteria.ALL, -search.upTo()).places();
		long place = places.next(-search.upTo());
		while (place != Candidates.NONE && left-- > 0) {
			place = places.next(place + 1);
		}
		return (place != Candidates.NONE) ? -place : 0;
	}

}
