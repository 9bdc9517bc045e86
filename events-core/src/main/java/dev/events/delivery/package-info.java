/**
 * The delivery engine: {@link dev.events.delivery.DeliveryEngine} owns everything here.
 * One {@code LogTail} follows the log and wakes the {@code PartitionWorker}s that have
 * something to do; each of them hands its events to the handler, strictly in order. The
 * {@code Checkpointer} saves how far they have come, the {@code LeaseKeeper} shares
 * partitions out between nodes, the {@code RetryPoller} brings back what was parked.
 */
@NullMarked
package dev.events.delivery;

import org.jspecify.annotations.NullMarked;
