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
import org.jspecify.annotations.Nullable;

/**
 * The log: the event at position {@code n} is element {@code n - 1 - trimmed}, or
 * {@code null} when it was deleted, so every position up to the last is settled and any
 * piece is found without a search. Deleted ones at the beginning are trimmed now and
 * then.
 */
final class MemoryEventLog implements EventLog {

	private static final int QUERY_PAGE = 500;

	private static final int WORTH_TRIMMING = 1000;

	private final StateLock lock;

	private final List<@Nullable StoredEvent> events = new ArrayList<>();

	private final Map<UUID, StoredEvent> byId = new HashMap<>();

	private long trimmed;

	// elements at the beginning that are known to be deleted
	private int deletedAtStart;

	MemoryEventLog(StateLock lock) {
		this.lock = lock;
	}

	@Override
	public List<Long> append(List<EventRecord> events) {
		return this.lock.get(() -> events.stream().map(this::append).toList());
	}

	private long append(EventRecord event) {
		StoredEvent stored = new StoredEvent(head() + 1, event);
		if (this.byId.putIfAbsent(event.id(), stored) != null) {
			return DUPLICATE;
		}
		this.events.add(stored);
		return stored.position();
	}

	@Override
	public LogSegment follow(long after, int limit) {
		return this.lock.get(() -> {
			List<StoredEvent> piece = read(after, head(), limit);
			long settled = (piece.size() < limit) ? Math.max(after, head()) : piece.get(limit - 1).position();
			return new LogSegment(piece, settled, settled < head());
		});
	}

	@Override
	public List<StoredEvent> read(long after, long upTo, int limit) {
		return this.lock.get(() -> {
			List<StoredEvent> found = new ArrayList<>();
			int end = index(upTo);
			for (int i = index(after); i < end && found.size() < limit; i++) {
				StoredEvent stored = this.events.get(i);
				if (stored != null) {
					found.add(stored);
				}
			}
			return List.copyOf(found);
		});
	}

	/** Of the element behind a position, or the nearest there is. */
	private int index(long position) {
		return (int) Math.max(0, Math.min(position - this.trimmed, this.events.size()));
	}

	@Override
	public long head() {
		return this.lock.get(() -> this.trimmed + this.events.size());
	}

	@Override
	public List<StoredEvent> readAll(Collection<Long> positions) {
		return this.lock.get(() -> new TreeSet<>(positions).stream()
			.flatMap((position) -> read(position - 1, position, 1).stream())
			.toList());
	}

	@Override
	public int delete(Collection<Long> positions) {
		return this.lock.get(() -> {
			int deleted = 0;
			for (long position : positions) {
				int index = index(position - 1);
				StoredEvent stored = (index < this.events.size()) ? this.events.get(index) : null;
				if (stored != null && stored.position() == position) {
					this.events.set(index, null);
					this.byId.remove(stored.event().id());
					deleted++;
				}
			}
			trim();
			return deleted;
		});
	}

	/** Moving the rest costs more than it brings, unless half of it goes. */
	private void trim() {
		while (this.deletedAtStart < this.events.size() && this.events.get(this.deletedAtStart) == null) {
			this.deletedAtStart++;
		}
		if (this.deletedAtStart >= WORTH_TRIMMING && this.deletedAtStart >= this.events.size() / 2) {
			this.events.subList(0, this.deletedAtStart).clear();
			this.trimmed += this.deletedAtStart;
			this.deletedAtStart = 0;
		}
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
				page = new ArrayList<>(read(Math.max(after, upTo - QUERY_PAGE), upTo, QUERY_PAGE));
				Collections.reverse(page);
				upTo -= QUERY_PAGE;
			}
			else {
				page = read(after, Math.min(upTo, after + QUERY_PAGE), QUERY_PAGE);
				after += QUERY_PAGE;
			}
			page.stream()
				.filter((event) -> criteria.matches(event.event()))
				.limit(limit - found.size())
				.forEach(found::add);
		}
		return Collections.unmodifiableList(found);
	}

}
