package dev.events.delivery;

import java.util.List;
import java.util.Set;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.Lease;

/**
 * Events as they follow one another in the log, each once.
 */
final class LiveLane implements Lane {

	private final Lease lease;

	private final Progress progress;

	private final PartitionReplay replay;

	private final long highestStored;

	/**
	 * Creates the lane.
	 * @param storedAhead positions behind the cursor at which something was stored when
	 * the partition was claimed: the subscription was rewound, or had another number of
	 * partitions
	 */
	LiveLane(Lease lease, Progress progress, PartitionReplay replay, Set<Long> storedAhead) {
		this.lease = lease;
		this.progress = progress;
		this.replay = replay;
		this.highestStored = storedAhead.stream().mapToLong(Long::longValue).max().orElse(0);
	}

	@Override
	public boolean isReplay() {
		return false;
	}

	@Override
	public boolean holdsBack(LogEntry entry) {
		return this.replay.holdsBack(entry.event().key(), entry.position());
	}

	@Override
	public void wait(String key, long position) {
		this.replay.wait(key, position);
	}

	@Override
	public boolean isBehindStored(long position) {
		return position <= this.highestStored;
	}

	@Override
	public void advance(long position) {
		this.progress.advance(position);
	}

	@Override
	public void advance(long position, DeliveryChange change) {
		this.progress.advance(position, change);
	}

	@Override
	public Checkpoint done(long position, List<DeliveryChange> changes) {
		return new Checkpoint(this.lease, position, changes);
	}

}
