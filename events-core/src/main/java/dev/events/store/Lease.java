package dev.events.store;

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
 */
public record Lease(PartitionId partition, String node, long epoch, long position, int partitions) {

}
