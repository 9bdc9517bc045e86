package dev.events.redis;

import java.util.ArrayList;
import java.util.List;

import dev.events.store.EventCriteria;
import dev.events.store.StoredEvent;

/**
 * Queries over the log. As far as it is indexed, only events are read that the index has
 * found, or stretches of the log that may have some; the rest is walked. Whether an event
 * meets the criteria is always decided by itself, never by the index alone.
 */
final class EventQueries {

	private static final int PAGE = 500;

	private final RedisCalls calls;

	private final StreamReader reader;

	EventQueries(RedisCalls calls, StreamReader reader) {
		this.calls = calls;
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
			from = Math.max(1, beyond + 1);
		}
		Result result = new Result(criteria, limit);
		if (!IndexSearch.isFor(criteria)) {
			// without metadata all that is read is what is looked for
			walk(result, from, to, criteria.metadata().isEmpty() ? Math.min(PAGE, limit) : PAGE);
			return result.events;
		}
		IndexSearch search = new IndexSearch(this.calls, this.reader, criteria.newestFirst(),
				IndexSearch.hasWildcards(criteria));
		long indexed = Math.min(to, search.upTo());
		long behind = Math.max(from, search.upTo() + 1);
		if (criteria.newestFirst()) {
			walk(result, behind, to);
			pick(result, search, from, indexed);
		}
		else {
			pick(result, search, from, indexed);
			walk(result, behind, to);
		}
		return result.events;
	}

	/** Reads everything there is from one position to another. */
	private void walk(Result result, long from, long to) {
		walk(result, from, to, PAGE);
	}

	private void walk(Result result, long from, long to, int pageSize) {
		long first = from;
		long last = to;
		while (first <= last && !result.isFull()) {
			List<StoredEvent> page = result.criteria.newestFirst() ? this.reader.readBackwards(first, last, pageSize)
					: this.reader.read(first, last, pageSize);
			result.add(page);
			if (page.size() < pageSize) {
				return;
			}
			long reached = page.get(page.size() - 1).position();
			if (result.criteria.newestFirst()) {
				last = reached - 1;
			}
			else {
				first = reached + 1;
			}
		}
	}

	/** Reads what the index finds from one position to another. */
	private void pick(Result result, IndexSearch search, long from, long to) {
		if (from > to || result.isFull()) {
			return;
		}
		boolean newestFirst = result.criteria.newestFirst();
		long first = Candidates.turn(newestFirst ? to : from, newestFirst);
		long last = Candidates.turn(newestFirst ? from : to, newestFirst);
		Candidates candidates = search.candidates(result.criteria, first);
		if (candidates instanceof TimeStretches stretches) {
			pickStretches(result, stretches, first, last);
		}
		else {
			pickEvents(result, candidates, first, last);
		}
	}

	private void pickStretches(Result result, TimeStretches stretches, long first, long last) {
		long place = stretches.next(first);
		while (place <= last && !result.isFull()) {
			long end = Math.min(last, stretches.end());
			boolean newestFirst = result.criteria.newestFirst();
			walk(result, newestFirst ? -end : place, newestFirst ? -place : end);
			place = stretches.next(end + 1);
		}
	}

	private void pickEvents(Result result, Candidates candidates, long first, long last) {
		int size = result.left();
		long place = candidates.next(first);
		while (place <= last && !result.isFull()) {
			List<Long> positions = new ArrayList<>();
			while (place <= last && positions.size() < Math.min(PAGE, size)) {
				positions.add(Candidates.turn(place, result.criteria.newestFirst()));
				place = candidates.next(place + 1);
			}
			result.add(this.reader.readAll(positions));
			// not many were what is looked for, so more are tried at once
			size = Math.min(PAGE, size * 2);
		}
	}

	/**
	 * Events that were found.
	 */
	private static final class Result {

		private final EventCriteria criteria;

		private final int limit;

		private final List<StoredEvent> events = new ArrayList<>();

		Result(EventCriteria criteria, int limit) {
			this.criteria = criteria;
			this.limit = limit;
		}

		void add(List<StoredEvent> page) {
			page.stream()
				.filter((event) -> this.criteria.matches(event.event()))
				.limit(left())
				.forEach(this.events::add);
		}

		int left() {
			return this.limit - this.events.size();
		}

		boolean isFull() {
			return left() <= 0;
		}

	}

}
