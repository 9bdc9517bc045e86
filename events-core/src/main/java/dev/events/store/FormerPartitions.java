package dev.events.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * How far a subscription had come when it had another number of partitions. The cursors
 * after a change all begin at the lowest of those before it; this tells which events
 * behind that are done all the same.
 *
 * @param positions of the cursors, by number of the partition
 */
public record FormerPartitions(List<Long> positions) {

	public FormerPartitions {
		positions = List.copyOf(positions);
	}

	/**
	 * Whether an event was done, or its delivery stored, before the change.
	 * @param hash {@link PartitionId#hash} of the event
	 */
	public boolean isDone(int hash, long position) {
		return position <= this.positions.get(PartitionId.of(hash, this.positions.size()));
	}

	/**
	 * What has to be known after a change.
	 * @param known what had to be known before it
	 * @param positions of the cursors that end with it, of which there is at least one
	 * @return all of it that can still matter to cursors at the lowest of the positions
	 */
	public static List<FormerPartitions> afterChange(List<FormerPartitions> known, List<Long> positions) {
		long lowest = Collections.min(positions);
		List<FormerPartitions> former = new ArrayList<>(known);
		former.add(new FormerPartitions(positions));
		former.removeIf((partitions) -> Collections.max(partitions.positions) <= lowest);
		return List.copyOf(former);
	}

	/** As text, for stores; {@code null} when there is nothing to know. */
	public static @Nullable String format(List<FormerPartitions> former) {
		return former.isEmpty() ? null : former.stream()
			.map((partitions) -> partitions.positions.stream().map(String::valueOf).collect(Collectors.joining(",")))
			.collect(Collectors.joining(";"));
	}

	/** What {@link #format} has written. */
	public static List<FormerPartitions> parse(@Nullable String text) {
		return (text == null || text.isEmpty()) ? List.of() : Arrays.stream(text.split(";"))
			.map((partitions) -> new FormerPartitions(Arrays.stream(partitions.split(",")).map(Long::valueOf).toList()))
			.toList();
	}

}
