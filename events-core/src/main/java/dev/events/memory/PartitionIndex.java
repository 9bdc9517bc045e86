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
import java.util.stream.Collectors;
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

	private long dead;

	void add(DeliveryRow row) {
		this.positions.add(row.position());
		if (row.is(DeliveryStatus.DEAD)) {
			this.dead++;
		}
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
		if (row.is(DeliveryStatus.DEAD)) {
			this.dead--;
		}
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
		return this.positions.size() - this.dead;
	}

	Stream<DeliveryRow> due(Instant now) {
		return this.scheduled.stream().takeWhile((row) -> !row.dueAt().isAfter(now));
	}

	KeyQueue queued(String key, int limit) {
		KeyIndex index = this.keys.get(key);
		if (index == null) {
			return new KeyQueue(false, List.of());
		}
		return (index.blockers > 0) ? new KeyQueue(true, List.of())
				: new KeyQueue(false, index.queued.values().stream().limit(limit).map(DeliveryRow::delivery).toList());
	}

	ParkedState state(long position) {
		Set<String> ready = this.keys.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().blockers == 0)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
		return new ParkedState(Set.copyOf(this.keys.keySet()), ready,
				new HashSet<>(this.positions.tailSet(position, false)), waiting());
	}

	/**
	 * What stands in the way of a key's next event, and what waits behind.
	 */
	private static final class KeyIndex {

		private final NavigableMap<Long, DeliveryRow> queued = new TreeMap<>();

		private int blockers;

		void add(DeliveryRow row) {
			if (row.is(DeliveryStatus.QUEUED)) {
				this.queued.put(row.position(), row);
			}
			else if (row.blocks()) {
				this.blockers++;
			}
		}

		KeyIndex remove(DeliveryRow row) {
			if (row.is(DeliveryStatus.QUEUED)) {
				this.queued.remove(row.position());
			}
			else if (row.blocks()) {
				this.blockers--;
			}
			return this;
		}

		boolean isEmpty() {
			return this.queued.isEmpty() && this.blockers == 0;
		}

	}

}
