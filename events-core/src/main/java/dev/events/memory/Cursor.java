package dev.events.memory;

import java.time.Instant;
import java.util.List;

import dev.events.store.CursorState;
import dev.events.store.FormerPartitions;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * Position and lease of one partition. Guarded by the store's lock.
 */
final class Cursor {

	private final PartitionId partition;

	private final int partitions;

	private final List<FormerPartitions> former;

	private long position;

	private long epoch;

	private @Nullable String owner;

	// without owner: until then nobody gets it
	private Instant leaseEnds;

	Cursor(PartitionId partition, int partitions, long position, long epoch, Instant freeFrom,
			List<FormerPartitions> former) {
		this.former = former;
		this.partition = partition;
		this.partitions = partitions;
		this.position = position;
		this.epoch = epoch;
		this.leaseEnds = freeFrom;
	}

	long position() {
		return this.position;
	}

	List<FormerPartitions> former() {
		return this.former;
	}

	long epoch() {
		return this.epoch;
	}

	Instant leaseEnds() {
		return this.leaseEnds;
	}

	/** Whether the node may claim: nobody else has a lease that is valid now. */
	boolean isFreeFor(String node, Instant now) {
		return node.equals(this.owner) || !now.isBefore(this.leaseEnds);
	}

	Lease claim(String node, Instant leaseEnds) {
		this.epoch++;
		this.owner = node;
		this.leaseEnds = leaseEnds;
		return new Lease(this.partition, node, this.epoch, this.position, this.partitions, this.former);
	}

	/** Whether nobody has claimed since, and the lease was not released. */
	boolean isCurrent(Lease lease) {
		return this.epoch == lease.epoch() && lease.node().equals(this.owner);
	}

	void renew(Instant leaseEnds) {
		this.leaseEnds = leaseEnds;
	}

	void release() {
		this.owner = null;
		this.leaseEnds = Instant.MIN;
	}

	void moveTo(long position) {
		this.position = Math.max(this.position, position);
	}

	CursorState state(Instant now) {
		return new CursorState(this.partition, this.position, now.isBefore(this.leaseEnds) ? this.owner : null);
	}

}
