package dev.events.test.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryCounts;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Saving progress, and fencing.
 */
abstract class CheckpointContract extends DeliveryContract {

	private static final PartitionId OTHER = new PartitionId("other", 0);

	@Test
	void positionIsSaved() {
		checkpoint(this.lease, 5);
		assertThat(cursor(PARTITION).position()).isEqualTo(5);
		checkpoint(this.lease, 9);
		assertThat(cursor(PARTITION).position()).isEqualTo(9);
		assertThat(claimed("node-1", PARTITION).position()).isEqualTo(9);
	}

	@Test
	void cursorNeverMovesBack() {
		StoredEvent event = event("k");
		checkpoint(this.lease, 9);
		checkpoint(this.lease, 4, park(event, Duration.ZERO));
		assertThat(cursor(PARTITION).position()).isEqualTo(9);
		assertThat(onlyDue().position()).isEqualTo(event.position());
	}

	@Test
	void whatIsSavedAtTheSameTimeIsAllKept() throws Exception {
		List<StoredEvent> events = IntStream.range(0, Threads.COUNT * 25).mapToObj((i) -> event("k" + i)).toList();
		Threads.onEach((thread) -> {
			for (int i = thread; i < events.size(); i += Threads.COUNT) {
				checkpoint(this.lease, i, park(events.get(i), Duration.ZERO));
				// as workers do that want to know whether the partition is still theirs
				checkpoint(this.lease, 0);
			}
			return thread;
		});
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).waiting()).isEqualTo(events.size());
	}

	@Test
	void manyPartitionsInOneCall() {
		register("wide", 5);
		List<Lease> leases = claimed("node-1", partitions("wide", 5), LONG);
		assertThat(this.store.cursors()
			.checkpoint(leases.stream()
				.map((lease) -> new Checkpoint(lease, 10 + lease.partition().partition(), List.of()))
				.toList()))
			.isEmpty();
		assertThat(leases)
			.allMatch((lease) -> cursor(lease.partition()).position() == 10 + lease.partition().partition());
	}

	@Test
	void changesAreAppliedInOrder() {
		StoredEvent event = event("k");
		StoredEvent next = event("k");
		checkpoint(this.lease, 5, park(event, Duration.ZERO), queue(next), queue(event));
		assertThat(onlyDue().position()).isEqualTo(event.position());
		assertThat(blocked("k")).isTrue();
		checkpoint(this.lease, 6, new DeliveryChange.Complete(event.position()), park(next, Duration.ZERO),
				bury(next, false));
		assertThat(due()).isEmpty();
		assertThat(deadLetters()).extracting(StoredDelivery::position).containsExactly(next.position());
	}

	@Test
	void leaseThatRanOutUnclaimedStillWrites() {
		this.store.cursors().release(List.of(this.lease));
		Lease shortLease = claimed("node-2", List.of(PARTITION), SHORT).get(0);
		StoredEvent event = event("k");
		letShortTimePass();
		assertThat(cursor(PARTITION).owner()).isNull();
		checkpoint(shortLease, 5, park(event, Duration.ZERO));
		assertThat(cursor(PARTITION).position()).isEqualTo(5);
		assertThat(onlyDue().position()).isEqualTo(event.position());
	}

	@Test
	void oldEpochWritesNothingButTheOthersDo() {
		register("other", 1);
		Lease other = claimed("node-1", OTHER);
		StoredEvent event = event("k");
		StoredEvent dead = event("k");
		checkpoint(this.lease, 3, bury(dead, true));
		Lease newer = claimed("node-1", PARTITION);
		Set<PartitionId> refused = this.store.cursors()
			.checkpoint(List.of(
					new Checkpoint(this.lease, 8,
							List.of(park(event, Duration.ZERO), new DeliveryChange.Complete(dead.position()))),
					new Checkpoint(other, 7, List.of(park(event, Duration.ZERO)))));
		assertThat(refused).containsExactly(PARTITION);
		assertThat(cursor(PARTITION).position()).isEqualTo(3);
		assertThat(due()).isEmpty();
		assertThat(deadLetters()).hasSize(1);
		assertThat(cursor(OTHER).position()).isEqualTo(7);
		assertThat(this.store.deliveries().due(List.of(OTHER), 10)).hasSize(1);
		checkpoint(newer, 4);
	}

	@Test
	void oldEpochAfterALaterOneInTheSameCall() {
		Lease newer = claimed("node-1", PARTITION);
		Set<PartitionId> refused = this.store.cursors()
			.checkpoint(List.of(new Checkpoint(newer, 5, List.of()), new Checkpoint(this.lease, 8, List.of())));
		assertThat(refused).containsExactly(PARTITION);
		assertThat(cursor(PARTITION).position()).isEqualTo(5);
	}

	@Test
	void leaseTakenOverWritesNothing() {
		this.store.cursors().release(List.of(this.lease));
		Lease newer = claimed("node-2", PARTITION);
		assertRefused(this.lease);
		checkpoint(newer, 2);
		assertThat(cursor(PARTITION).position()).isEqualTo(2);
	}

	@Test
	void releasedLeaseWritesNothing() {
		checkpoint(this.lease, 1);
		this.store.cursors().release(List.of(this.lease));
		assertRefused(this.lease);
		assertThat(cursor(PARTITION).position()).isEqualTo(1);
	}

	@Test
	void leaseOfADeletedSubscriptionWritesNothing() {
		assertThat(this.store.subscriptions().delete(SUBSCRIPTION)).isTrue();
		assertRefused(this.lease);
		register(SUBSCRIPTION, 1);
		assertRefused(this.lease);
		Lease newer = claimed("node-1", PARTITION);
		assertRefused(this.lease);
		assertThat(this.store.cursors().renew(List.of(this.lease), LONG)).isEmpty();
		assertThat(cursor(PARTITION).position()).isZero();
		checkpoint(newer, 3);
	}

	@Test
	void deletedSubscriptionTakesItsDeliveriesAlong() {
		register("other", 1);
		Lease other = claimed("node-1", OTHER);
		StoredEvent event = event("k");
		StoredEvent behind = event("k");
		StoredEvent dead = event("d");
		checkpoint(park(event, Duration.ZERO), queue(behind), bury(dead, true));
		checkpoint(other, 0, park(event, Duration.ZERO), bury(dead, false));
		assertThat(this.store.subscriptions().delete(SUBSCRIPTION)).isTrue();
		assertThat(due()).isEmpty();
		assertThat(deadLetters()).extracting(StoredDelivery::partition).containsExactly(OTHER);
		assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts("other", 1, 1));
		register(SUBSCRIPTION, 1);
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).waiting()).isZero();
		assertThat(this.store.log().find(dead.event().id())).contains(dead);
	}

	@Test
	void emptyCallRefusesNothing() {
		assertThat(this.store.cursors().checkpoint(List.of())).isEmpty();
		checkpoint(this.lease, 3);
		assertThat(cursor(PARTITION).position()).isEqualTo(3);
	}

	private void assertRefused(Lease lease) {
		StoredEvent event = event("k");
		assertThat(this.store.cursors()
			.checkpoint(List.of(new Checkpoint(lease, 1_000, List.of(park(event, Duration.ZERO))))))
			.containsExactly(PARTITION);
		assertThat(due()).isEmpty();
		assertThat(this.store.deliveries().counts()).isEmpty();
	}

}
