package dev.events.memory;

import java.time.Instant;

import dev.events.store.CursorState;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * Position and lease of one partition. Guarded by the store's lock.
 */
final class Cursor {

	private final PartitionId partition;

	private long position;

	private long epoch;

	private @Nullable String owner;

	private Instant leaseEnds = Instant.MIN;

	Cursor(PartitionId partition, long position, long epoch) {
		this.partition = partition;
		this.position = position;
		this.epoch = epoch;
	}

	long position() {
		return this.position;
	}

	long epoch() {
		return this.epoch;
	}

	/** Whether the node may claim: nobody else has a lease that is valid now. */
	boolean isFreeFor(String node, Instant now) {
		return this.owner == null || this.owner.equals(node) || !now.isBefore(this.leaseEnds);
	}

	Lease claim(String node, Instant leaseEnds) {
		this.epoch++;
		this.owner = node;
		this.leaseEnds = leaseEnds;
		return new Lease(this.partition, node, this.epoch, this.position);
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
	}

	void moveTo(long position) {
		this.position = Math.max(this.position, position);
	}

	CursorState state(Instant now) {
		return new CursorState(this.partition, this.position, now.isBefore(this.leaseEnds) ? this.owner : null);
	}

}
