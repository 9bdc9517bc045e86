package dev.events.memory;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.events.store.DeliveryStatus;
import dev.events.store.KeyQueue;
import dev.events.store.ParkedState;

/**
 * The stored deliveries of one partition, found by time, by key and by position. Guarded
 * by the store's lock.
 */
final class PartitionIndex {

	/** Earliest due first, then in log order. */
	static final Comparator<DeliveryRow> BY_TIME = Comparator.comparing(DeliveryRow::dueAt)
		.thenComparingLong(DeliveryRow::position);

	private final NavigableSet<DeliveryRow> scheduled = new TreeSet<>(BY_TIME);

	private final Map<String, KeyIndex> keys = new HashMap<>();

	private final NavigableSet<Long> positions = new TreeSet<>();

	private long waiting;

	private long dead;

	void add(DeliveryRow row) {
		this.positions.add(row.position());
		this.waiting += row.is(DeliveryStatus.DEAD) ? 0 : 1;
		this.dead += row.isDeadLetter() ? 1 : 0;
		if (row.isScheduled()) {
			this.scheduled.add(row);
		}
		String key = row.key();
		if (key != null && (row.is(DeliveryStatus.QUEUED) || row.blocks())) {
			this.keys.computeIfAbsent(key, (any) -> new KeyIndex()).add(row);
		}
	}

	void remove(DeliveryRow row) {
		this.positions.remove(row.position());
		this.waiting -= row.is(DeliveryStatus.DEAD) ? 0 : 1;
		this.dead -= row.isDeadLetter() ? 1 : 0;
		this.scheduled.remove(row);
		String key = row.key();
		if (key != null) {
			this.keys.computeIfPresent(key, (any, index) -> index.remove(row).isEmpty() ? null : index);
		}
	}

	boolean isEmpty() {
		return this.positions.isEmpty();
	}

	long dead() {
		return this.dead;
	}

	long waiting() {
		return this.waiting;
	}

	Stream<DeliveryRow> due(Instant now) {
		return this.scheduled.stream().takeWhile((row) -> !row.dueAt().isAfter(now)).filter(this::isFirstOfItsKey);
	}

	private boolean isFirstOfItsKey(DeliveryRow row) {
		KeyIndex index = (row.key() != null) ? this.keys.get(row.key()) : null;
		return index == null || index.lowest().position() == row.position();
	}

	KeyQueue queued(String key, int limit) {
		KeyIndex index = this.keys.get(key);
		return (index != null) ? index.queue(limit) : new KeyQueue(false, List.of());
	}

	ParkedState state(long position) {
		Map<String, Long> blocked = new HashMap<>();
		Set<String> ready = new HashSet<>();
		this.keys.forEach((key, index) -> {
			blocked.put(key, index.lowest().position());
			if (index.isReady()) {
				ready.add(key);
			}
		});
		return new ParkedState(blocked, ready, new HashSet<>(this.positions.tailSet(position, false)), waiting());
	}

	/**
	 * The live deliveries of a key, by position.
	 */
	private static final class KeyIndex {

		private final NavigableMap<Long, DeliveryRow> live = new TreeMap<>();

		private final NavigableSet<Long> blockers = new TreeSet<>();

		void add(DeliveryRow row) {
			this.live.put(row.position(), row);
			if (row.blocks()) {
				this.blockers.add(row.position());
			}
		}

		KeyIndex remove(DeliveryRow row) {
			this.live.remove(row.position());
			this.blockers.remove(row.position());
			return this;
		}

		boolean isEmpty() {
			return this.live.isEmpty();
		}

		DeliveryRow lowest() {
			return this.live.firstEntry().getValue();
		}

		boolean isReady() {
			return !lowest().blocks();
		}

		KeyQueue queue(int limit) {
			Map<Long, DeliveryRow> free = this.blockers.isEmpty() ? this.live
					: this.live.headMap(this.blockers.first(), false);
			return new KeyQueue(!this.blockers.isEmpty(),
					free.values().stream().limit(limit).map(DeliveryRow::delivery).toList());
		}

	}

}
