package dev.events.aggregation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandledIdsTests {

	private final List<UUID> added = new ArrayList<>();

	private HandledIds ids = HandledIds.NONE;

	private long head;

	private long settled;

	private void add(int count) {
		List<UUID> more = Stream.generate(UUID::randomUUID).limit(count).toList();
		this.added.addAll(more);
		this.head += count;
		this.ids = this.ids.with(more, () -> this.head, () -> this.settled);
	}

	private List<UUID> last(int count) {
		return this.added.subList(this.added.size() - count, this.added.size());
	}

	private void assertHas(List<UUID> expected) {
		assertThat(new HashSet<>(this.ids.all()).containsAll(expected)).isTrue();
	}

	@Test
	void allAreKeptInOrderUntilTheyAreSettled() {
		for (int i = 0; i < 100; i++) {
			add(37);
		}
		assertThat(this.ids.all()).isEqualTo(this.added);
		assertThat(this.ids.size()).isEqualTo(3700);
	}

	@Test
	void thoseBehindWhichTheSubscriptionIsAreForgotten() {
		for (int i = 0; i < 1000; i++) {
			add(10);
			this.settled = this.head - 25;
			assertHas(last(Math.min(25, this.added.size())));
			assertThat(this.ids.size()).isLessThanOrEqualTo(2 * HandledIds.GENERATION + 10);
		}
	}

	@Test
	void noneIsForgottenBeforeItIsSettled() {
		for (int i = 0; i < 1000; i++) {
			add(7);
			if (i % 100 == 99) {
				this.settled = this.head - 300;
			}
			assertHas(last((int) (this.head - this.settled)));
		}
	}

	@Test
	void memoryIsBoundedAlthoughNothingIsSettled() {
		for (int i = 0; i < 300; i++) {
			add(100);
			assertThat(this.ids.size()).isLessThanOrEqualTo(HandledIds.MAX + HandledIds.GENERATION);
			assertHas(last(Math.min(this.added.size(), HandledIds.MAX)));
			if (i % 50 == 0) {
				this.ids = this.ids.sealed(() -> this.head, () -> this.settled);
			}
		}
	}

	@Test
	void sealedOnesCanBeForgottenAltogether() {
		assertThat(HandledIds.NONE.sealed(() -> 5, () -> 0).head()).isZero();
		add(3);
		this.ids = this.ids.sealed(() -> this.head, () -> this.settled);
		assertThat(this.ids.all()).isEqualTo(this.added);
		assertThat(this.ids.head()).isEqualTo(3);
		add(2);
		this.ids = this.ids.sealed(() -> this.head, () -> this.settled);
		assertThat(this.ids.all()).isEqualTo(this.added);
		this.settled = 5;
		add(1);
		this.ids = this.ids.sealed(() -> this.head, () -> this.settled);
		assertThat(this.ids.all()).isEqualTo(last(1));
		assertThat(this.ids.head()).isEqualTo(6);
	}

}
