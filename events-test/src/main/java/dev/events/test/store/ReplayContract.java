package dev.events.test.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.events.EventPattern;
import dev.events.ReplayInfo.State;
import dev.events.store.Checkpoint;
import dev.events.store.EventCriteria;
import dev.events.store.Lease;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import dev.events.store.Replays;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Replays and their progress.
 */
abstract class ReplayContract extends DeliveryContract {

	private static final EventCriteria CRITERIA = new EventCriteria(
			List.of(EventPattern.of("user.*"), EventPattern.of("order.placed")), "shop", "it's", "acme", null,
			Instant.parse("2026-01-01T00:00:00.000001Z"), Instant.parse("2026-02-01T00:00:00Z"), Map.of(), false, null);

	private static final Set<State> ACTIVE = Set.of(State.RUNNING, State.PAUSED);

	private static ReplayRecord replay(String subscription, State state) {
		return new ReplayRecord(EventRecords.nextId(), subscription, CRITERIA, 3, 20, 17, 2.5, state);
	}

	private ReplayRecord created() {
		return created(SUBSCRIPTION);
	}

	private ReplayRecord created(String subscription) {
		ReplayRecord replay = replay(subscription, State.RUNNING);
		assertThat(this.store.replays().create(replay)).isTrue();
		return replay;
	}

	private ReplayRecord stored(UUID id) {
		return this.store.replays().find(id).orElseThrow();
	}

	private void save(Lease lease, ReplayProgress progress) {
		assertThat(this.store.cursors().checkpoint(List.of(new Checkpoint(lease, 0, List.of(), progress)))).isEmpty();
	}

	@Test
	void isStoredAsItWasCreated() {
		ReplayRecord replay = created();
		ReplayRecord stored = stored(replay.id());
		assertThat(stored.subscription()).isEqualTo(SUBSCRIPTION);
		assertThat(stored.criteria()).isEqualTo(CRITERIA);
		assertThat(stored.after()).isEqualTo(3);
		assertThat(stored.upTo()).isEqualTo(20);
		assertThat(stored.total()).isEqualTo(17);
		assertThat(stored.rate()).isEqualTo(2.5);
		assertThat(stored.state()).isEqualTo(State.RUNNING);
		assertThat(stored.createdAt()).isNotNull().isBeforeOrEqualTo(stored.asOf());
		assertThat(stored.finishedAt()).isNull();
		assertThat(stored.former()).isEmpty();
		assertThat(stored.partitions()).containsExactly(new ReplayProgress(replay.id(), 3, 0, 0));
	}

	@Test
	void criteriaMayBeEmpty() {
		ReplayRecord replay = new ReplayRecord(EventRecords.nextId(), SUBSCRIPTION, EventCriteria.ALL, 0, 20, 17, 0,
				State.RUNNING);
		assertThat(this.store.replays().create(replay)).isTrue();
		assertThat(stored(replay.id()).criteria()).isEqualTo(EventCriteria.ALL);
	}

	@Test
	void onlyOneOfASubscriptionIsActive() {
		register("other", 2);
		ReplayRecord first = created();
		assertThat(this.store.replays().create(replay(SUBSCRIPTION, State.RUNNING))).isFalse();
		assertThat(this.store.replays().change(first.id(), Set.of(State.RUNNING), State.PAUSED)).isTrue();
		assertThat(this.store.replays().create(replay(SUBSCRIPTION, State.RUNNING))).isFalse();
		ReplayRecord other = created("other");
		assertThat(this.store.replays().active()).extracting(ReplayRecord::id)
			.containsExactlyInAnyOrder(first.id(), other.id());
		assertThat(this.store.replays().change(first.id(), ACTIVE, State.CANCELLED)).isTrue();
		assertThat(this.store.replays().active()).extracting(ReplayRecord::id).containsExactly(other.id());
		ReplayRecord second = created();
		assertThat(this.store.replays().list()).extracting(ReplayRecord::id)
			.containsExactlyInAnyOrder(first.id(), second.id(), other.id());
	}

	@Test
	void ofAnUnknownSubscriptionIsNotCreated() {
		assertThat(this.store.replays().create(replay("unknown", State.RUNNING))).isFalse();
		assertThat(this.store.replays().list()).isEmpty();
		created();
	}

	@Test
	void withoutEventsIsFinishedAtOnce() {
		ReplayRecord replay = replay(SUBSCRIPTION, State.COMPLETED);
		assertThat(this.store.replays().create(replay)).isTrue();
		assertThat(this.store.replays().active()).isEmpty();
		assertThat(stored(replay.id()).finishedAt()).isNotNull();
		created();
	}

	@Test
	void changesStateOnlyFromWhatIsExpected() {
		ReplayRecord replay = created();
		assertThat(this.store.replays().change(replay.id(), Set.of(State.PAUSED), State.RUNNING)).isFalse();
		assertThat(this.store.replays().change(replay.id(), Set.of(State.RUNNING), State.PAUSED)).isTrue();
		assertThat(stored(replay.id()).state()).isEqualTo(State.PAUSED);
		assertThat(stored(replay.id()).finishedAt()).isNull();
		assertThat(this.store.replays().change(replay.id(), ACTIVE, State.COMPLETED)).isTrue();
		assertThat(stored(replay.id()).finishedAt()).isNotNull();
		assertThat(this.store.replays().change(replay.id(), ACTIVE, State.CANCELLED)).isFalse();
		assertThat(stored(replay.id()).state()).isEqualTo(State.COMPLETED);
		assertThat(this.store.replays().change(EventRecords.nextId(), ACTIVE, State.CANCELLED)).isFalse();
	}

	@Test
	void progressIsSavedWithTheCursor() {
		ReplayRecord replay = created();
		ReplayProgress progress = new ReplayProgress(replay.id(), 8, 5, 2);
		assertThat(this.store.cursors()
			.checkpoint(List.of(new Checkpoint(this.lease, 30, List.of(park(event("k"), LONG)), progress)))).isEmpty();
		assertThat(stored(replay.id()).partitions()).containsExactly(progress);
		assertThat(this.store.replays().active().get(0).partitions()).containsExactly(progress);
		assertThat(cursor(PARTITION).position()).isEqualTo(30);
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).waiting()).isOne();
	}

	@Test
	void progressNeverGoesBack() {
		ReplayRecord replay = created();
		save(this.lease, new ReplayProgress(replay.id(), 8, 5, 2));
		save(this.lease, new ReplayProgress(replay.id(), 7, 4, 1));
		assertThat(stored(replay.id()).partitions()).containsExactly(new ReplayProgress(replay.id(), 8, 5, 2));
		save(this.lease, new ReplayProgress(replay.id(), 8, 5, 3));
		assertThat(stored(replay.id()).partitions()).containsExactly(new ReplayProgress(replay.id(), 8, 5, 3));
	}

	@Test
	void progressOfAnOldOwnerIsRefused() {
		ReplayRecord replay = created();
		save(this.lease, new ReplayProgress(replay.id(), 8, 5, 0));
		Lease newer = claimed("node-1", PARTITION);
		assertThat(this.store.cursors()
			.checkpoint(List.of(new Checkpoint(this.lease, 0, List.of(), new ReplayProgress(replay.id(), 15, 9, 0)))))
			.containsExactly(PARTITION);
		assertThat(stored(replay.id()).partitions()).containsExactly(new ReplayProgress(replay.id(), 8, 5, 0));
		save(newer, new ReplayProgress(replay.id(), 9, 6, 0));
		assertThat(stored(replay.id()).partitions()).containsExactly(new ReplayProgress(replay.id(), 9, 6, 0));
	}

	@Test
	void progressOfAnUnknownReplayMeansNothing() {
		ReplayRecord replay = created();
		save(this.lease, new ReplayProgress(EventRecords.nextId(), 8, 5, 0));
		assertThat(stored(replay.id()).partitions()).containsExactly(new ReplayProgress(replay.id(), 3, 0, 0));
	}

	@Test
	void eachPartitionHasItsProgress() {
		register("orders", 3);
		List<Lease> leases = claimed("node-1", partitions("orders", 3), LONG);
		ReplayRecord replay = created("orders");
		List<ReplayProgress> progress = List.of(new ReplayProgress(replay.id(), 10, 1, 0),
				new ReplayProgress(replay.id(), 5, 2, 1), new ReplayProgress(replay.id(), 20, 7, 0));
		leases.forEach((lease) -> save(lease, progress.get(lease.partition().partition())));
		assertThat(stored(replay.id()).partitions()).containsExactlyElementsOf(progress);
	}

	@Test
	void withOtherPartitionsItBeginsAtTheLowestAndKnowsWhatIsDone() {
		register("orders", 3);
		List<Lease> leases = claimed("node-1", partitions("orders", 3), LONG);
		ReplayRecord replay = created("orders");
		long[] positions = { 10, 5, 20 };
		leases.forEach((lease) -> save(lease,
				new ReplayProgress(replay.id(), positions[lease.partition().partition()], 2, 1)));
		this.store.cursors().release(leases);
		register("orders", 2);
		ReplayRecord changed = stored(replay.id());
		assertThat(changed.partitions()).containsExactly(new ReplayProgress(replay.id(), 5, 6, 3),
				new ReplayProgress(replay.id(), 5, 0, 0));
		assertThat(changed.isDone(0, 10)).isTrue();
		assertThat(changed.isDone(0, 11)).isFalse();
		assertThat(changed.isDone(1, 6)).isFalse();
		assertThat(changed.isDone(2, 20)).isTrue();
		register("orders", 5);
		assertThat(stored(replay.id()).isDone(0, 10)).isTrue();
		assertThat(stored(replay.id()).partitions()).hasSize(5);
	}

	@Test
	void goesWithItsSubscription() {
		ReplayRecord replay = created();
		assertThat(this.store.subscriptions().delete(SUBSCRIPTION)).isTrue();
		assertThat(this.store.replays().find(replay.id())).isEmpty();
		assertThat(this.store.replays().active()).isEmpty();
		register(SUBSCRIPTION, 1);
		created();
	}

	@Test
	void onlySoManyFinishedOnesAreKept() {
		register("other", 1);
		ReplayRecord other = created("other");
		assertThat(this.store.replays().change(other.id(), ACTIVE, State.CANCELLED)).isTrue();
		List<UUID> ids = IntStream.range(0, Replays.KEPT + 3).mapToObj((i) -> {
			ReplayRecord replay = created();
			assertThat(this.store.replays().change(replay.id(), ACTIVE, State.COMPLETED)).isTrue();
			return replay.id();
		}).toList();
		ReplayRecord active = created();
		List<UUID> kept = this.store.replays().list().stream().map(ReplayRecord::id).toList();
		assertThat(kept).hasSize(Replays.KEPT + 2)
			.contains(active.id(), other.id())
			.containsAll(ids.subList(3, ids.size()))
			.doesNotContainAnyElementsOf(ids.subList(0, 3));
		assertThat(kept.get(0)).isEqualTo(active.id());
	}

}
