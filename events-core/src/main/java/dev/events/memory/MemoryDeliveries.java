package dev.events.memory;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import dev.events.DeadLetters;
import dev.events.store.Deliveries;
import dev.events.store.DeliveryCounts;
import dev.events.store.DeliveryStatus;
import dev.events.store.KeyQueue;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Reads of stored deliveries, and what operators do to dead letters.
 */
final class MemoryDeliveries implements Deliveries {

	private final StateLock lock;

	private final Clock clock;

	private final DeliveryTable table;

	MemoryDeliveries(StateLock lock, Clock clock, DeliveryTable table) {
		this.lock = lock;
		this.clock = clock;
		this.table = table;
	}

	@Override
	public List<StoredDelivery> due(Collection<PartitionId> partitions, int limit) {
		return this.lock
			.get(() -> this.table.due(partitions, this.clock.instant(), limit).map(DeliveryRow::delivery).toList());
	}

	@Override
	public KeyQueue queued(PartitionId partition, String key, int limit) {
		return this.lock.get(() -> this.table.index(partition)
			.map((index) -> index.queued(key, limit))
			.orElseGet(() -> new KeyQueue(false, List.of())));
	}

	@Override
	public ParkedState parkedState(PartitionId partition, long position) {
		return this.lock.get(() -> this.table.index(partition)
			.map((index) -> index.state(position))
			.orElseGet(() -> new ParkedState(Map.of(), Set.of(), Set.of(), 0)));
	}

	@Override
	public List<StoredDelivery> deadLetters(DeadLetters.Filter filter, @Nullable UUID after, int limit) {
		return this.lock.get(() -> this.table.dead(after)
			.filter((row) -> row.matches(filter))
			.limit(limit)
			.map(DeliveryRow::delivery)
			.toList());
	}

	@Override
	public Optional<StoredDelivery> findDeadLetter(UUID id) {
		return this.lock.get(() -> Optional.ofNullable(this.table.findDead(id)).map(DeliveryRow::delivery));
	}

	@Override
	public long countDeadLetters(DeadLetters.Filter filter) {
		return this.lock.get(() -> this.table.dead(null).filter((row) -> row.matches(filter)).count());
	}

	@Override
	public int retry(DeadLetters.Filter filter) {
		return onAll(filter, (row, now) -> this.table.put(row.retried(now, null)));
	}

	@Override
	public boolean retry(UUID id, @Nullable String data) {
		return onOne(id, (row, now) -> this.table.put(row.retried(now, data)));
	}

	@Override
	public boolean skip(UUID id) {
		return onOne(id, (row, now) -> {
			if (row.is(DeliveryStatus.DEAD) && row.delivery().holding()) {
				this.table.put(row.released(now, false));
			}
		});
	}

	@Override
	public boolean discard(UUID id) {
		return onOne(id, this::discard);
	}

	@Override
	public int discard(DeadLetters.Filter filter) {
		return onAll(filter, this::discard);
	}

	private void discard(DeliveryRow row, Instant now) {
		if (row.delivery().holding()) {
			this.table.put(row.released(now, true));
		}
		else {
			this.table.remove(row);
		}
	}

	@Override
	public Set<Long> stored(String subscription, Collection<Long> positions) {
		return this.lock.get(() -> positions.stream()
			.filter((position) -> this.table.find(subscription, position) != null)
			.collect(Collectors.toSet()));
	}

	@Override
	public List<DeliveryCounts> counts() {
		return this.lock.get(this.table::counts);
	}

	private boolean onOne(UUID id, BiConsumer<DeliveryRow, Instant> action) {
		return this.lock.get(() -> {
			DeliveryRow row = this.table.findDead(id);
			if (row == null) {
				return false;
			}
			action.accept(row, this.clock.instant());
			return true;
		});
	}

	private int onAll(DeadLetters.Filter filter, BiConsumer<DeliveryRow, Instant> action) {
		return this.lock.get(() -> {
			Instant now = this.clock.instant();
			List<DeliveryRow> rows = this.table.dead(null).filter((row) -> row.matches(filter)).toList();
			rows.forEach((row) -> action.accept(row, now));
			return rows.size();
		});
	}

}
