package dev.events.memory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.events.store.Checkpoint;
import dev.events.store.CursorState;
import dev.events.store.Cursors;
import dev.events.store.FormerPartitions;
import dev.events.store.Lease;
import dev.events.store.PartitionId;

/**
 * The cursors, and with them the only way in which deliveries of a partition change.
 */
final class MemoryCursors implements Cursors {

	private final StateLock lock;

	private final Clock clock;

	private final DeliveryChanges changes;

	private final ReplayTable replays;

	private final NavigableMap<String, List<Cursor>> cursors = new TreeMap<>();

	/**
	 * New cursors go on from here: a lease of a deleted subscription must not fit one of
	 * the same name.
	 */
	private long highestEpochRemoved;

	MemoryCursors(StateLock lock, Clock clock, DeliveryChanges changes, ReplayTable replays) {
		this.lock = lock;
		this.clock = clock;
		this.changes = changes;
		this.replays = replays;
	}

	@Override
	public List<Lease> claim(String node, Collection<PartitionId> partitions, Duration duration) {
		return this.lock.get(() -> {
			Instant now = this.clock.instant();
			return new LinkedHashSet<>(partitions).stream()
				.flatMap((partition) -> find(partition).stream())
				.filter((cursor) -> cursor.isFreeFor(node, now))
				.map((cursor) -> cursor.claim(node, now.plus(duration)))
				.toList();
		});
	}

	@Override
	public Set<PartitionId> renew(Collection<Lease> leases, Duration duration) {
		return this.lock.get(() -> {
			Instant leaseEnds = this.clock.instant().plus(duration);
			Set<PartitionId> renewed = new LinkedHashSet<>();
			leases.forEach((lease) -> current(lease).ifPresent((cursor) -> {
				cursor.renew(leaseEnds);
				renewed.add(lease.partition());
			}));
			return renewed;
		});
	}

	@Override
	public void release(Collection<Lease> leases) {
		this.lock.run(() -> leases.forEach((lease) -> current(lease).ifPresent(Cursor::release)));
	}

	@Override
	public Set<PartitionId> checkpoint(Collection<Checkpoint> checkpoints) {
		return this.lock.get(() -> {
			Instant now = this.clock.instant();
			Set<PartitionId> refused = new LinkedHashSet<>();
			for (Checkpoint checkpoint : checkpoints) {
				PartitionId partition = checkpoint.lease().partition();
				current(checkpoint.lease()).ifPresentOrElse((cursor) -> {
					cursor.moveTo(checkpoint.position());
					this.changes.apply(partition, checkpoint.changes(), now);
					if (checkpoint.replay() != null) {
						this.replays.progress(partition, checkpoint.replay());
					}
				}, () -> refused.add(partition));
			}
			return refused;
		});
	}

	@Override
	public List<CursorState> list() {
		return this.lock.get(() -> {
			Instant now = this.clock.instant();
			return this.cursors.values().stream().flatMap(List::stream).map((cursor) -> cursor.state(now)).toList();
		});
	}

	boolean isCurrent(Lease lease) {
		return current(lease).isPresent();
	}

	/** Whether the lease is current and the cursor in front of a position. */
	boolean isInFrontOf(Lease lease, long position) {
		return current(lease).filter((cursor) -> cursor.position() < position).isPresent();
	}

	void create(String subscription, int partitions, long position) {
		create(subscription, partitions, position, this.highestEpochRemoved, Instant.MIN, List.of());
	}

	/**
	 * Replaces the cursors of a subscription by as many as are asked for, all at the
	 * lowest position and above the highest epoch of the old ones. Nobody gets one before
	 * the old leases have run out, for their owners may still be inside a handler.
	 */
	void repartition(String subscription, int partitions) {
		List<Cursor> old = this.cursors.getOrDefault(subscription, List.of());
		List<Long> positions = old.stream().map(Cursor::position).toList();
		create(subscription, partitions, Collections.min(positions), highestEpoch(old) + 1, leaseEnds(old),
				FormerPartitions.afterChange(old.get(0).former(), positions));
	}

	/** Number of cursors of a subscription; 0 when it is not known. */
	int count(String subscription) {
		return this.cursors.getOrDefault(subscription, List.of()).size();
	}

	/**
	 * Moves the cursors back to a position, or forward to it, where they are beyond it,
	 * or behind it. Nobody gets one before the old leases have run out.
	 */
	void move(String subscription, long position, boolean forward) {
		List<Cursor> old = this.cursors.getOrDefault(subscription, List.of());
		Instant freeFrom = leaseEnds(old);
		List<FormerPartitions> former = forward ? old.get(0).former() : List.of();
		List<Cursor> moved = new ArrayList<>(old.size());
		for (int partition = 0; partition < old.size(); partition++) {
			long before = old.get(partition).position();
			moved.add(new Cursor(new PartitionId(subscription, partition), old.size(),
					forward ? Math.max(before, position) : Math.min(before, position), highestEpoch(old) + 1, freeFrom,
					former));
		}
		this.cursors.put(subscription, moved);
	}

	private static Instant leaseEnds(List<Cursor> cursors) {
		return cursors.stream().map(Cursor::leaseEnds).max(Comparator.naturalOrder()).orElse(Instant.MIN);
	}

	void remove(String subscription) {
		List<Cursor> old = this.cursors.remove(subscription);
		if (old != null) {
			this.highestEpochRemoved = Math.max(this.highestEpochRemoved, highestEpoch(old));
		}
	}

	private void create(String subscription, int partitions, long position, long epoch, Instant freeFrom,
			List<FormerPartitions> former) {
		List<Cursor> created = new ArrayList<>(partitions);
		for (int partition = 0; partition < partitions; partition++) {
			created.add(new Cursor(new PartitionId(subscription, partition), partitions, position, epoch, freeFrom,
					former));
		}
		this.cursors.put(subscription, created);
	}

	private static long highestEpoch(List<Cursor> cursors) {
		return cursors.stream().mapToLong(Cursor::epoch).max().orElse(0);
	}

	private Optional<Cursor> find(PartitionId partition) {
		List<Cursor> cursors = this.cursors.getOrDefault(partition.subscription(), List.of());
		int number = partition.partition();
		return (number >= 0 && number < cursors.size()) ? Optional.of(cursors.get(number)) : Optional.empty();
	}

	private Optional<Cursor> current(Lease lease) {
		return find(lease.partition()).filter((cursor) -> cursor.isCurrent(lease));
	}

}
