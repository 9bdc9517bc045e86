package dev.events.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Leases and positions of partitions. A lease is valid until it is released, it runs out
 * by the store's clock, or another node claims the partition after that. Invariant: at
 * any time at most one epoch of a partition is current, and only it can write.
 */
public interface Cursors {

	/**
	 * Claims partitions that nobody holds (or whose lease has run out, or that the node
	 * held itself under an older epoch): the epoch grows by one. Atomic for each
	 * partition.
	 * @return the leases got; partitions held by others, or not existing, are missing
	 */
	List<Lease> claim(String node, Collection<PartitionId> partitions, Duration duration);

	/**
	 * Prolongs leases.
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

	/** All cursors, by partition. */
	List<CursorState> list();

}
