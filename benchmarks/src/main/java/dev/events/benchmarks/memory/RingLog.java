package dev.events.benchmarks.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;

/**
 * A log that keeps the newest events only and does not know ids, so that a benchmark may
 * publish for ever, and publish one envelope again and again.
 */
final class RingLog implements EventLog {

	private static final int CAPACITY = 1 << 14;

	private final StoredEvent[] ring = new StoredEvent[CAPACITY];

	private long head;

	@Override
	public synchronized List<Long> append(List<EventRecord> events) {
		List<Long> positions = new ArrayList<>(events.size());
		for (EventRecord event : events) {
			this.head++;
			this.ring[(int) (this.head % CAPACITY)] = new StoredEvent(this.head, event);
			positions.add(this.head);
		}
		return positions;
	}

	@Override
	public synchronized LogSegment follow(long after, int limit) {
		List<StoredEvent> events = read(after, this.head, limit);
		long settled = after + events.size();
		return new LogSegment(events, settled, settled < this.head);
	}

	@Override
	public synchronized List<StoredEvent> read(long after, long upTo, int limit) {
		if (after < this.head - CAPACITY) {
			throw new IllegalStateException("Nobody may be so far behind: " + after + " of " + this.head);
		}
		List<StoredEvent> events = new ArrayList<>();
		for (long position = after + 1; position <= upTo && events.size() < limit; position++) {
			events.add(this.ring[(int) (position % CAPACITY)]);
		}
		return events;
	}

	@Override
	public synchronized long head() {
		return this.head;
	}

	@Override
	public List<StoredEvent> readAll(Collection<Long> positions) {
		return List.of();
	}

	@Override
	public Optional<StoredEvent> find(UUID id) {
		return Optional.empty();
	}

	@Override
	public int delete(Collection<Long> positions) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<StoredEvent> query(EventCriteria criteria, int limit) {
		return List.of();
	}

}
