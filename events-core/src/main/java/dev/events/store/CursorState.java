package dev.events.store;

import org.jspecify.annotations.Nullable;

/**
 * How far a partition has come, and who serves it.
 *
 * @param partition the partition
 * @param position everything up to here is done or parked
 * @param owner the node whose lease is valid now, or {@code null}
 */
public record CursorState(PartitionId partition, long position, @Nullable String owner) {

}
