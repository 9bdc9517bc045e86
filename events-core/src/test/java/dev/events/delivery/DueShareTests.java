package dev.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.events.StartPosition;
import dev.events.memory.MemoryEventStore;
import dev.events.store.PartitionId;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which processes that are due a node takes.
 */
class DueShareTests {

	private final MemoryEventStore store = new MemoryEventStore();

	private final DueShare share = new DueShare(this.store, "here");

	private final List<ProcessRecord> here = new ArrayList<>();

	private final List<ProcessRecord> there = new ArrayList<>();

	@BeforeEach
	void due() {
		this.store.subscriptions()
			.register(new SubscriptionRecord("saga.s", List.of("**"), SubscriptionRecord.HANDLER, "{}", true, null,
					"code", 2), StartPosition.HEAD);
		due(this.store.now());
	}

	private void due(Instant dueAt) {
		this.here.clear();
		this.there.clear();
		IntStream.range(0, 20).mapToObj((i) -> "key-" + i).forEach((key) -> {
			ProcessRecord process = new ProcessRecord("saga.s", key, 1, new ProcessState("RUNNING", "{}", dueAt), dueAt,
					dueAt);
			((PartitionId.of(PartitionId.hash(key), 2) == 0) ? this.here : this.there).add(process);
		});
		assertThat(this.here).isNotEmpty();
		assertThat(this.there).isNotEmpty();
	}

	private void owners(String first, String second) {
		claim(first, 0);
		claim(second, 1);
	}

	private void claim(String node, int partition) {
		assertThat(
				this.store.cursors().claim(node, List.of(new PartitionId("saga.s", partition)), Duration.ofMinutes(1)))
			.hasSize(1);
	}

	private List<ProcessRecord> all() {
		List<ProcessRecord> all = new ArrayList<>(this.there);
		all.addAll(this.here);
		return all;
	}

	@Test
	void takesThoseOfItsPartitions() {
		owners("here", "there");
		assertThat(this.share.of("saga.s", all(), false)).isEqualTo(this.here);
		assertThat(this.share.of("saga.s", all(), true)).isEqualTo(this.here);
		assertThat(new DueShare(this.store, "there").of("saga.s", all(), false)).isEqualTo(this.there);
	}

	@Test
	void leavesThoseOfOthersToThem() {
		owners("here", "there");
		assertThat(this.share.of("saga.s", this.there, false)).isEmpty();
	}

	@Test
	void takesThoseOfNobody() {
		claim("here", 0);
		assertThat(this.share.of("saga.s", all(), false)).isEqualTo(all());
		assertThat(this.share.of("saga.unknown", all(), false)).isEqualTo(all());
	}

	@Test
	void helpsWhereItsOwnMayBeHiddenBehindOthers() {
		owners("here", "there");
		assertThat(this.share.of("saga.s", this.there, true)).containsExactlyInAnyOrderElementsOf(this.there);
	}

	@Test
	void helpsWithWhatWasLeftForLong() {
		owners("here", "there");
		due(this.store.now().minusSeconds(60));
		assertThat(this.share.of("saga.s", this.there, false)).containsExactlyInAnyOrderElementsOf(this.there);
		assertThat(this.share.of("saga.s", all(), false)).isEqualTo(this.here);
	}

}
