package dev.events.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;

/**
 * The log: the event at position {@code n} is element {@code n - 1}, so every position up
 * to the last is settled and any piece is found without a search.
 */
final class MemoryEventLog implements EventLog {

	private static final int QUERY_PAGE = 500;

	private final StateLock lock;

	private final List<StoredEvent> events = new ArrayList<>();

	private final Map<UUID, StoredEvent> byId = new HashMap<>();

	MemoryEventLog(StateLock lock) {
		this.lock = lock;
	}

	@Override
	public List<Long> append(List<EventRecord> events) {
		return this.lock.get(() -> events.stream().map(this::append).toList());
	}

	private long append(EventRecord event) {
		StoredEvent stored = new StoredEvent(this.events.size() + 1L, event);
		if (this.byId.putIfAbsent(event.id(), stored) != null) {
			return DUPLICATE;
		}
		this.events.add(stored);
		return stored.position();
	}

	@Override
	public LogSegment follow(long after, int limit) {
		return this.lock.get(() -> {
			List<StoredEvent> piece = slice(after, after + limit);
			long settled = piece.isEmpty() ? after : piece.get(piece.size() - 1).position();
			return new LogSegment(piece, settled, settled < head());
		});
	}

	@Override
	public List<StoredEvent> read(long after, long upTo, int limit) {
		return slice(after, Math.min(upTo, after + limit));
	}

	@Override
	public long head() {
		return this.lock.get(() -> (long) this.events.size());
	}

	@Override
	public List<StoredEvent> readAll(Collection<Long> positions) {
		return this.lock.get(() -> new TreeSet<>(positions).stream()
			.filter((position) -> position > 0 && position <= head())
			.map((position) -> this.events.get((int) (position - 1)))
			.toList());
	}

	@Override
	public Optional<StoredEvent> find(UUID id) {
		return this.lock.get(() -> Optional.ofNullable(this.byId.get(id)));
	}

	/**
	 * Looks at a page at a time, so that a long search holds up nobody.
	 */
	@Override
	public List<StoredEvent> query(EventCriteria criteria, int limit) {
		long after = 0;
		long upTo = head();
		Long beyond = criteria.beyond();
		if (beyond != null && criteria.newestFirst()) {
			upTo = Math.min(upTo, beyond - 1);
		}
		else if (beyond != null) {
			after = Math.max(after, beyond);
		}
		List<StoredEvent> found = new ArrayList<>();
		while (after < upTo && found.size() < limit) {
			List<StoredEvent> page;
			if (criteria.newestFirst()) {
				page = new ArrayList<>(slice(Math.max(after, upTo - QUERY_PAGE), upTo));
				Collections.reverse(page);
				upTo -= QUERY_PAGE;
			}
			else {
				page = slice(after, Math.min(upTo, after + QUERY_PAGE));
				after += QUERY_PAGE;
			}
			page.stream()
				.filter((event) -> criteria.matches(event.event()))
				.limit(limit - found.size())
				.forEach(found::add);
		}
		return Collections.unmodifiableList(found);
	}

	private List<StoredEvent> slice(long after, long upTo) {
		return this.lock.get(() -> {
			int size = this.events.size();
			int from = (int) Math.max(0, Math.min(after, size));
			int to = (int) Math.max(from, Math.min(upTo, size));
			return List.copyOf(this.events.subList(from, to));
		});
	}

}
