package dev.events.aggregation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;

/**
 * Positions of the events of a key that were added and may be delivered once more.
 * Immutable.
 * <p>
 * Invariant: a position is forgotten only when the event can never be added again,
 * because the store knows that its delivery is over, see {@link SettledPositions}. So
 * there are as many as the partitions of the key have had events since their last
 * checkpoint, and those that are parked or dead letters although they were added.
 *
 * @param partitions how many partitions the subscription had when they were added
 * @param packed the positions by number of the partition, each packed; those from when it
 * had other partitions under {@value #FORMER}
 */
record HandledPositions(int partitions, Map<Integer, String> packed) {

	static final HandledPositions NONE = new HandledPositions(0, Map.of());

	/** In the place of a number of a partition. */
	static final int FORMER = -1;

	HandledPositions {
		packed = Map.copyOf(packed);
	}

	/** All of them. */
	Set<Long> all() {
		Set<Long> all = new HashSet<>();
		this.packed.values().forEach((text) -> all.addAll(positions(text)));
		return all;
	}

	boolean isEmpty() {
		return this.packed.isEmpty();
	}

	/** How long they are when they are written, about. */
	int length() {
		return this.packed.values().stream().mapToInt(String::length).sum();
	}

	/**
	 * With further ones.
	 * @param partitions how many partitions the subscription has
	 */
	HandledPositions with(int partition, int partitions, Collection<Long> added) {
		Map<Integer, String> all = new TreeMap<>((partitions == this.partitions) ? this.packed : former());
		all.put(partition, packed(positions(all.getOrDefault(partition, "")), added));
		return new HandledPositions(partitions, all);
	}

	private Map<Integer, String> former() {
		Set<Long> all = all();
		return all.isEmpty() ? Map.of() : Map.of(FORMER, packed(List.of(), all));
	}

	/**
	 * Those up to a position that depends on the partition.
	 * @param upTo the position, by number of the partition or {@link #FORMER}
	 */
	Set<Long> upTo(IntToLongFunction upTo) {
		Set<Long> passed = new HashSet<>();
		this.packed.forEach((partition, text) -> {
			long last = upTo.applyAsLong(partition);
			positions(text).stream().filter((position) -> position <= last).forEach(passed::add);
		});
		return passed;
	}

	/** Without some of them. */
	HandledPositions without(Set<Long> forgotten) {
		Map<Integer, String> kept = new TreeMap<>();
		this.packed.forEach((partition, text) -> {
			List<Long> positions = positions(text).stream()
				.filter((position) -> !forgotten.contains(position))
				.toList();
			if (!positions.isEmpty()) {
				kept.put(partition, packed(List.of(), positions));
			}
		});
		return new HandledPositions(this.partitions, kept);
	}

	private static String packed(Collection<Long> some, Collection<Long> more) {
		long[] positions = LongStream
			.concat(some.stream().mapToLong(Long::longValue), more.stream().mapToLong(Long::longValue))
			.sorted()
			.distinct()
			.toArray();
		ByteBuffer bytes = ByteBuffer.allocate(positions.length * 10);
		long last = 0;
		for (long position : positions) {
			// seven bits in each byte, the lowest first
			for (long rest = position - last; rest > 0; rest >>>= 7) {
				bytes.put((byte) ((rest < 128) ? rest : rest | 128));
			}
			last = position;
		}
		return Base64.getEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
	}

	private static List<Long> positions(String packed) {
		LongStream.Builder positions = LongStream.builder();
		long last = 0;
		int shift = 0;
		for (byte seven : Base64.getDecoder().decode(packed)) {
			last += (long) (seven & 127) << shift;
			shift += 7;
			if (seven >= 0) {
				positions.add(last);
				shift = 0;
			}
		}
		return positions.build().boxed().toList();
	}

}
