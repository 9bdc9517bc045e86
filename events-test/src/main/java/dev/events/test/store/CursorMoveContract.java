package dev.events.test.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.events.ReplayInfo.State;
import dev.events.store.Checkpoint;
import dev.events.store.CursorState;
import dev.events.store.EventCriteria;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.ReplayRecord;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Moving the cursors of a subscription.
 */
abstract class CursorMoveContract extends DeliveryContract {

	private List<Lease> leases;

	@BeforeEach
	void advanceCursors() {
		register("orders", 3);
		this.leases = claimed("node-1", partitions("orders", 3), LONG);
		long[] positions = { 30, 10, 20 };
		this.leases.forEach((lease) -> checkpoint(lease, positions[lease.partition().partition()]));
	}

	private List<Long> positions() {
		return this.store.cursors()
			.list()
			.stream()
			.filter((cursor) -> cursor.partition().subscription().equals("orders"))
			.map(CursorState::position)
			.toList();
	}

	@Test
	void whatIsBeyondIsRewound() {
		checkpoint(this.lease, 5);
		assertThat(this.store.replays().rewind("orders", 15)).isTrue();
		assertThat(positions()).containsExactly(15L, 10L, 15L);
		assertThat(cursor(PARTITION).position()).isEqualTo(5);
		assertThat(this.store.cursors().renew(List.of(this.lease), LONG)).containsExactly(PARTITION);
	}

	@Test
	void whatIsBehindIsMovedForward() {
		assertThat(this.store.replays().fastForward("orders", 25)).isTrue();
		assertThat(positions()).containsExactly(30L, 25L, 25L);
		assertThat(this.store.replays().rewind("orders", 0)).isTrue();
		assertThat(positions()).containsExactly(0L, 0L, 0L);
	}

	@Test
	void leasesEnd() {
		assertThat(this.store.replays().rewind("orders", 15)).isTrue();
		assertThat(this.store.cursors().renew(this.leases, LONG)).isEmpty();
		List<PartitionId> partitions = partitions("orders", 3);
		assertThat(this.store.cursors()
			.checkpoint(this.leases.stream().map((lease) -> new Checkpoint(lease, 100, List.of())).toList()))
			.containsExactlyInAnyOrderElementsOf(partitions);
		assertThat(positions()).containsExactly(15L, 10L, 15L);
	}

	@Test
	void nobodyCanClaimBeforeTheOldLeasesHaveRunOut() {
		assertThat(this.store.cursors().renew(this.leases, SHORT)).hasSize(3);
		assertThat(this.store.replays().fastForward("orders", 15)).isTrue();
		this.store.cursors().release(this.leases);
		for (String node : List.of("node-1", "node-2")) {
			assertThat(this.store.cursors().claim(node, partitions("orders", 3), LONG)).isEmpty();
		}
		letShortTimePass();
		long highest = this.leases.stream().mapToLong(Lease::epoch).max().orElseThrow();
		assertThat(claimed("node-2", partitions("orders", 3), LONG)).allMatch((lease) -> lease.epoch() > highest + 1);
	}

	@Test
	void whatWasReleasedIsFreeAtOnce() {
		this.store.cursors().release(this.leases);
		assertThat(this.store.replays().rewind("orders", 15)).isTrue();
		assertThat(claimed("node-2", partitions("orders", 3), LONG)).extracting(Lease::position)
			.containsExactlyInAnyOrder(15L, 10L, 15L);
	}

	@Test
	void onlyRewindingForgetsFormerPartitions() {
		this.store.cursors().release(this.leases);
		register("orders", 2);
		assertThat(this.store.replays().fastForward("orders", 12)).isTrue();
		List<Lease> forward = claimed("node-1", partitions("orders", 2), LONG);
		assertThat(forward).allMatch((lease) -> lease.position() == 12 && lease.isDone(0, 30));
		this.store.cursors().release(forward);
		assertThat(this.store.replays().rewind("orders", 11)).isTrue();
		assertThat(claimed("node-1", partitions("orders", 2), LONG))
			.allMatch((lease) -> lease.position() == 11 && lease.former().isEmpty());
	}

	@Test
	void storedDeliveriesStay() {
		StoredEvent event = event("k");
		checkpoint(this.lease, event.position(), park(event, Duration.ZERO));
		assertThat(this.store.replays().rewind(SUBSCRIPTION, 0)).isTrue();
		assertThat(onlyDue().position()).isEqualTo(event.position());
	}

	@Test
	void notWhileAReplayIsActive() {
		ReplayRecord replay = new ReplayRecord(EventRecords.nextId(), "orders", EventCriteria.ALL, 0, 5, 5, 0,
				State.RUNNING);
		assertThat(this.store.replays().create(replay)).isTrue();
		assertThat(this.store.replays().rewind("orders", 0)).isFalse();
		assertThat(this.store.replays().fastForward("orders", 50)).isFalse();
		assertThat(positions()).containsExactly(30L, 10L, 20L);
		assertThat(this.store.cursors().renew(this.leases, LONG)).hasSize(3);
		assertThat(this.store.replays().change(replay.id(), Set.of(State.RUNNING), State.CANCELLED)).isTrue();
		assertThat(this.store.replays().rewind("orders", 0)).isTrue();
	}

	@Test
	void unknownSubscriptionIsNotMoved() {
		assertThat(this.store.replays().rewind("unknown", 0)).isFalse();
		assertThat(this.store.replays().fastForward("unknown", 50)).isFalse();
		assertThat(this.store.replays().rewind("orders", 0)).isTrue();
	}

}
