package dev.events.store;

import java.util.List;

/**
 * A node's right to a partition. Each time the partition is claimed, its epoch grows;
 * what is written under an older epoch is refused.
 *
 * @param partition the partition
 * @param node id of the node
 * @param epoch fencing token
 * @param position where the cursor stood when the lease was claimed
 * @param partitions how many partitions the subscription had when the lease was claimed;
 * as long as the epoch is current it has as many
 * @param former which events behind the position are done, from when the subscription had
 * other numbers of partitions
 */
public record Lease(PartitionId partition, String node, long epoch, long position, int partitions,
		List<FormerPartitions> former) {

	/** Whether an event behind the position is done. */
	public boolean isDone(int hash, long position) {
		for (FormerPartitions partitions : this.former) {
			if (partitions.isDone(hash, position)) {
				return true;
			}
		}
		return false;
	}

}
