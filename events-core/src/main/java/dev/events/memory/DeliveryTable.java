package dev.events.memory;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.events.store.DeliveryCounts;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * All stored deliveries with their indexes. Rows are immutable: a change puts another row
 * in the place of the old one. Guarded by the store's lock.
 */
final class DeliveryTable {

	// UUID.compareTo takes the halves for signed numbers, which is not the order of the
	// text
	private static final Comparator<UUID> BY_TEXT = (a, b) -> {
		int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
		return (high != 0) ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
	};

	private final Map<String, Map<Long, DeliveryRow>> bySubscription = new TreeMap<>();

	private final Map<PartitionId, PartitionIndex> byPartition = new HashMap<>();

	private final NavigableMap<UUID, DeliveryRow> dead = new TreeMap<>(BY_TEXT);

	@Nullable DeliveryRow find(String subscription, long position) {
		return this.bySubscription.getOrDefault(subscription, Map.of()).get(position);
	}

	@Nullable DeliveryRow findDead(UUID id) {
		return this.dead.get(id);
	}

	/** Dead letters by id, from the first or from the one after this. */
	Stream<DeliveryRow> dead(@Nullable UUID after) {
		Map<UUID, DeliveryRow> rest = (after != null) ? this.dead.tailMap(after, false) : this.dead;
		return rest.values().stream();
	}

	Stream<DeliveryRow> due(Collection<PartitionId> partitions, Instant now, int limit) {
		return partitions.stream()
			.distinct()
			.flatMap((partition) -> index(partition).stream())
			.flatMap((index) -> index.due(now).limit(limit))
			.sorted(PartitionIndex.BY_TIME)
			.limit(limit);
	}

	Optional<PartitionIndex> index(PartitionId partition) {
		return Optional.ofNullable(this.byPartition.get(partition));
	}

	List<DeliveryCounts> counts() {
		return this.bySubscription.keySet().stream().map((subscription) -> {
			List<PartitionIndex> partitions = this.byPartition.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().subscription().equals(subscription))
				.map(Map.Entry::getValue)
				.toList();
			return new DeliveryCounts(subscription, partitions.stream().mapToLong(PartitionIndex::waiting).sum(),
					partitions.stream().mapToLong(PartitionIndex::dead).sum());
		}).toList();
	}

	/** Stores a row in place of the one with its subscription and position, if any. */
	void put(DeliveryRow row) {
		String subscription = row.partition().subscription();
		DeliveryRow old = find(subscription, row.position());
		if (old != null) {
			remove(old);
		}
		this.bySubscription.computeIfAbsent(subscription, (any) -> new HashMap<>()).put(row.position(), row);
		this.byPartition.computeIfAbsent(row.partition(), (any) -> new PartitionIndex()).add(row);
		if (row.isDeadLetter()) {
			this.dead.put(row.id(), row);
		}
	}

	void remove(DeliveryRow row) {
		this.dead.remove(row.id());
		this.byPartition.computeIfPresent(row.partition(), (any, index) -> {
			index.remove(row);
			return index.isEmpty() ? null : index;
		});
		this.bySubscription.computeIfPresent(row.partition().subscription(), (any, rows) -> {
			rows.remove(row.position());
			return rows.isEmpty() ? null : rows;
		});
	}

	void removeAll(String subscription) {
		forEach(subscription, this::remove);
	}

	void repartition(String subscription, int partitions) {
		forEach(subscription, (row) -> {
			int partition = PartitionId.of(PartitionId.hash(row.delivery().event()), partitions);
			put(row.withPartition(new PartitionId(subscription, partition)));
		});
	}

	private void forEach(String subscription, Consumer<DeliveryRow> action) {
		List.copyOf(this.bySubscription.getOrDefault(subscription, Map.of()).values()).forEach(action);
	}

}
