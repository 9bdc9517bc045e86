package dev.events.redis;

import java.util.ArrayList;
import java.util.List;

import dev.events.store.EventCriteria;
import dev.events.store.StoredEvent;

/**
 * Queries over the log, which they walk: nothing is indexed, so one that matches little
 * reads all of the part that it may look at.
 */
final class EventQueries {

	private static final int PAGE = 500;

	private final StreamReader reader;

	EventQueries(StreamReader reader) {
		this.reader = reader;
	}

	List<StoredEvent> query(EventCriteria criteria, int limit) {
		long from = 1;
		long to = StreamReader.NEWEST;
		Long beyond = criteria.beyond();
		if (beyond != null && criteria.newestFirst()) {
			to = beyond - 1;
		}
		else if (beyond != null) {
			from = beyond + 1;
		}
		List<StoredEvent> found = new ArrayList<>();
		while (from <= to && found.size() < limit) {
			List<StoredEvent> page = criteria.newestFirst() ? this.reader.readBackwards(from, to, PAGE)
					: this.reader.read(from, to, PAGE);
			page.stream()
				.filter((event) -> criteria.matches(event.event()))
				.limit(limit - found.size())
				.forEach(found::add);
			if (page.size() < PAGE) {
				break;
			}
			long last = page.get(page.size() - 1).position();
			if (criteria.newestFirst()) {
				to = last - 1;
			}
			else {
				from = last + 1;
			}
		}
		return found;
	}

}
