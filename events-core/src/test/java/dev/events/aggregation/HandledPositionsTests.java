package dev.events.aggregation;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandledPositionsTests {

	@Test
	void positionsAreKeptByPartition() {
		HandledPositions handled = HandledPositions.NONE.with(2, 4, List.of(7L, 3L)).with(0, 4, List.of(5L));
		handled = handled.with(2, 4, List.of(4L));
		assertThat(handled.all()).containsExactlyInAnyOrder(3L, 4L, 5L, 7L);
		assertThat(handled.upTo((partition) -> (partition == 2) ? 4 : 0)).containsExactlyInAnyOrder(3L, 4L);
		assertThat(handled.upTo((partition) -> (partition == 2) ? 0 : 5)).containsExactly(5L);
		HandledPositions rest = handled.without(Set.of(3L, 5L, 99L));
		assertThat(rest.all()).containsExactlyInAnyOrder(4L, 7L);
		assertThat(rest.isEmpty()).isFalse();
		assertThat(rest.without(Set.of(4L, 7L)).isEmpty()).isTrue();
		assertThat(HandledPositions.NONE.isEmpty()).isTrue();
	}

	@Test
	void thoseOfOtherPartitionsAreNotOfOneOfThese() {
		HandledPositions handled = HandledPositions.NONE.with(0, 2, List.of(5L))
			.with(1, 2, List.of(6L))
			.with(0, 3, List.of(9L))
			.with(0, 2, List.of(11L));
		assertThat(handled.all()).containsExactlyInAnyOrder(5L, 6L, 9L, 11L);
		assertThat(handled.upTo((partition) -> (partition == HandledPositions.FORMER) ? 6 : 0))
			.containsExactlyInAnyOrder(5L, 6L);
		assertThat(handled.upTo((partition) -> (partition == 0) ? 100 : 0)).containsExactly(11L);
	}

	@Test
	void anyPositionsArePacked() {
		Random random = new Random(1);
		for (int i = 0; i < 200; i++) {
			int bits = 1 + random.nextInt(62);
			Set<Long> positions = LongStream.generate(() -> 1 + (random.nextLong() & ((1L << bits) - 1)))
				.limit(random.nextInt(50))
				.boxed()
				.collect(Collectors.toCollection(TreeSet::new));
			positions.addAll(Set.of(127L, 128L, 129L, 16_383L, 16_384L, Long.MAX_VALUE));
			HandledPositions handled = HandledPositions.NONE.with(0, 1, positions);
			assertThat(handled.all()).isEqualTo(positions);
		}
	}

	@Test
	void positionsOfABusyKeyAreShort() {
		List<Long> positions = LongStream.range(0, 1000).mapToObj((i) -> 1_000_000_000 + i * 50).toList();
		assertThat(HandledPositions.NONE.with(0, 1, positions).length()).isLessThan(1500);
	}

}
