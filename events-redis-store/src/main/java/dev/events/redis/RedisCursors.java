package dev.events.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.events.store.Checkpoint;
import dev.events.store.CursorState;
import dev.events.store.Cursors;
import dev.events.store.FormerPartitions;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.ReplayProgress;

/**
 * Leases and positions in the hash of each subscription.
 */
final class RedisCursors implements Cursors {

	private final RedisCalls calls;

	// one checkpoint after the other, so that they arrive in the order of their numbers,
	// see the script. Held while the server is asked, which takes no longer than a
	// timeout; only the checkpointer saves, so nobody waits for it
	private final ReentrantLock saving = new ReentrantLock();

	private long checkpoints;

	// number of the last checkpoint of each lease that was answered. A server that knows
	// of fewer has lost what we have saved, with deliveries that were parked in it; who
	// went on from there would lose these events. So the lease is not current then
	private final Map<PartitionId, Saved> saved = new ConcurrentHashMap<>();

	RedisCursors(RedisCalls calls) {
		this.calls = calls;
	}

	@Override
	public List<Lease> claim(String node, Collection<PartitionId> partitions, Duration duration) {
		if (partitions.isEmpty()) {
			return List.of();
		}
		Arguments arguments = new Arguments().add(node).add(duration);
		Map<Long, PartitionId> byIndex = new HashMap<>();
		for (PartitionId partition : new LinkedHashSet<>(partitions)) {
			byIndex.put(arguments.size() + 1L, partition);
			add(arguments, partition);
		}
		List<Lease> leases = new ArrayList<>();
		for (Answer lease : this.calls.run("claim partitions", Script.CLAIM, arguments).lists()) {
			PartitionId partition = byIndex.get(lease.number(0));
			if (partition != null) {
				this.saved.remove(partition);
				leases.add(new Lease(partition, node, lease.number(1), lease.number(2), (int) lease.number(3),
						FormerPartitions.parse(lease.string(4))));
			}
		}
		return leases;
	}

	@Override
	public Set<PartitionId> renew(Collection<Lease> leases, Duration duration) {
		if (leases.isEmpty()) {
			return Set.of();
		}
		Arguments arguments = new Arguments().add(duration);
		Map<Long, PartitionId> byIndex = new HashMap<>();
		for (Lease lease : leases) {
			byIndex.put(arguments.size() + 1L, lease.partition());
			add(arguments, lease);
		}
		return partitions(this.calls.run("renew leases", Script.RENEW, arguments), byIndex);
	}

	@Override
	public void release(Collection<Lease> leases) {
		if (leases.isEmpty()) {
			return;
		}
		Arguments arguments = new Arguments();
		leases.forEach((lease) -> add(arguments, lease));
		this.calls.run("release leases", Script.RELEASE, arguments);
	}

	@Override
	public Set<PartitionId> checkpoint(Collection<Checkpoint> checkpoints) {
		if (checkpoints.isEmpty()) {
			return Set.of();
		}
		boolean saves = checkpoints.stream()
			.anyMatch((checkpoint) -> checkpoint.position() > 0 || !checkpoint.changes().isEmpty()
					|| checkpoint.replay() != null);
		if (!saves) {
			// the question whether the leases are current has no number
			return checkpoint(checkpoints, 0);
		}
		this.saving.lock();
		try {
			return checkpoint(checkpoints, ++this.checkpoints);
		}
		finally {
			this.saving.unlock();
		}
	}

	private Set<PartitionId> checkpoint(Collection<Checkpoint> checkpoints, long number) {
		Arguments arguments = new Arguments().add(number);
		Map<Long, PartitionId> byIndex = new HashMap<>();
		for (Checkpoint checkpoint : checkpoints) {
			byIndex.put(arguments.size() + 1L, checkpoint.lease().partition());
			add(arguments, checkpoint.lease());
			ReplayProgress replay = checkpoint.replay();
			arguments.add(checkpoint.position()).add(checkpoint.changes().size() + ((replay != null) ? 1 : 0));
			checkpoint.changes().forEach((change) -> ChangeArguments.add(arguments, change));
			if (replay != null) {
				ChangeArguments.add(arguments, replay);
			}
		}
		Set<PartitionId> refused = partitions(this.calls.run("save progress", Script.CHECKPOINT, arguments), byIndex);
		if (number > 0) {
			checkpoints.stream()
				.map(Checkpoint::lease)
				.filter((lease) -> !refused.contains(lease.partition()))
				.forEach((lease) -> this.saved.put(lease.partition(), new Saved(lease.epoch(), number)));
		}
		return refused;
	}

	@Override
	public List<CursorState> list() {
		List<CursorState> states = new ArrayList<>();
		for (Answer cursors : this.calls.run("read cursors", Script.CURSORS, new Arguments()).lists()) {
			for (int i = 1; i < cursors.size(); i += 2) {
				String owner = cursors.string(i + 1);
				states.add(new CursorState(new PartitionId(cursors.string(0), i / 2), cursors.number(i),
						owner.isEmpty() ? null : owner));
			}
		}
		states.sort(Comparator.comparing((CursorState state) -> state.partition().subscription())
			.thenComparing((state) -> state.partition().partition()));
		return states;
	}

	private void add(Arguments arguments, Lease lease) {
		add(arguments, lease.partition());
		Saved saved = this.saved.get(lease.partition());
		arguments.add(lease.epoch())
			.add(lease.node())
			.add((saved != null && saved.epoch == lease.epoch()) ? saved.number : 0);
	}

	private static void add(Arguments arguments, PartitionId partition) {
		arguments.add(partition.subscription()).add(partition.partition());
	}

	private static Set<PartitionId> partitions(Answer indexes, Map<Long, PartitionId> byIndex) {
		Set<PartitionId> partitions = new HashSet<>();
		for (int i = 0; i < indexes.size(); i++) {
			PartitionId partition = byIndex.get(indexes.number(i));
			if (partition != null) {
				partitions.add(partition);
			}
		}
		return partitions;
	}

	/**
	 * A checkpoint that was answered.
	 */
	private record Saved(long epoch, long number) {

	}

}
