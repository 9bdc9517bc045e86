package dev.events.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Leases and positions of partitions. A lease is valid until it is released, it runs out
 * by the store's clock, or the partition is claimed again. Its epoch is current until it
 * is released or the partition is claimed again, so it may outlast the lease. Invariant:
 * at any time at most one epoch of a partition is current, and only it can write. An
 * epoch never comes back, not even when a subscription is deleted and registered again.
 */
public interface Cursors {

	/**
	 * Claims partitions that nobody holds, whose lease has run out, or that the same node
	 * holds already: the epoch grows by one, and the lease before is no longer current.
	 * Atomic for each partition, including the number of partitions in its lease. After a
	 * change of that number there is a time in which nobody can claim: see
	 * {@link SubscriptionRegistry#register}.
	 * @return the leases got; partitions held by others, or not existing, are missing
	 */
	List<Lease> claim(String node, Collection<PartitionId> partitions, Duration duration);

	/**
	 * Prolongs leases from now on, also ones that have run out but whose epoch is
	 * current.
	 * @return the partitions whose lease was prolonged; the others are lost
	 */
	Set<PartitionId> renew(Collection<Lease> leases, Duration duration);

	/** Gives leases up at once; ones no longer current are ignored. */
	void release(Collection<Lease> leases);

	/**
	 * Saves progress: for each checkpoint whose epoch is current, position and delivery
	 * changes, in one transaction for all of them. A lease that has run out but whose
	 * epoch is current (nobody has claimed the partition since) still writes.
	 * @return the partitions whose epoch was not current; nothing of these was written
	 */
	Set<PartitionId> checkpoint(Collection<Checkpoint> checkpoints);

	/** All cursors, by subscription and number of the partition. */
	List<CursorState> list();

}
