package dev.events.test.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryStatus;
import dev.events.store.KeyQueue;
import dev.events.store.Lease;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the owner of a partition reads of its stored deliveries.
 */
abstract class DueDeliveryContract extends DeliveryContract {

	private static final PartitionId UNKNOWN = new PartitionId("unknown", 0);

	@Test
	void dueWhenItsTimeHasCome() {
		StoredEvent soon = event("a");
		StoredEvent later = event("b");
		checkpoint(park(soon, SHORT), park(later, LONG));
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).waiting()).isEqualTo(2);
		letShortTimePass();
		assertThat(onlyDue().position()).isEqualTo(soon.position());
	}

	@Test
	void notDueBefore() {
		StoredEvent now = event("a");
		StoredEvent later = event("b");
		checkpoint(park(later, LONG), park(now, Duration.ZERO));
		assertThat(onlyDue().position()).isEqualTo(now.position());
	}

	@Test
	void earliestDueFirst() {
		List<StoredEvent> events = appended(EventRecords.events(4));
		checkpoint(park(events.get(3), Duration.ZERO), park(events.get(1), Duration.ofMillis(160)),
				park(events.get(0), Duration.ofMillis(240)), park(events.get(2), Duration.ofMillis(80)));
		letShortTimePass();
		assertThat(due()).extracting(StoredDelivery::position)
			.containsExactly(events.get(3).position(), events.get(2).position(), events.get(1).position(),
					events.get(0).position());
		assertThat(this.store.deliveries().due(List.of(PARTITION), 2)).extracting(StoredDelivery::position)
			.containsExactly(events.get(3).position(), events.get(2).position());
	}

	@Test
	void earliestDueFirstAcrossPartitions() {
		register("wide", 2);
		List<StoredEvent> events = new ArrayList<>();
		List<Checkpoint> checkpoints = new ArrayList<>();
		for (Lease lease : claimed("node-1", partitions("wide", 2), LONG)) {
			int partition = lease.partition().partition();
			List<DeliveryChange> changes = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				StoredEvent event = appended(EventRecords.event("a", keyOf(partition, 2, i)));
				events.add(event);
				changes.add(park(event, Duration.ofMillis(160 * i + 80 * (1 - partition))));
			}
			checkpoints.add(new Checkpoint(lease, 0, changes));
		}
		assertThat(this.store.cursors().checkpoint(checkpoints)).isEmpty();
		letShortTimePass();
		List<StoredDelivery> due = this.store.deliveries().due(partitions("wide", 2), 3);
		assertThat(due).extracting(StoredDelivery::position)
			.containsExactly(events.get(2).position(), events.get(0).position(), events.get(3).position());
	}

	@Test
	void sameTimeInPositionOrder() {
		List<StoredEvent> events = appended(EventRecords.events(20));
		List<DeliveryChange> changes = new ArrayList<>();
		for (int i = 0; i < events.size(); i++) {
			changes.add(bury(events.get(i * 7 % 20), false));
		}
		checkpoint(changes.toArray(DeliveryChange[]::new));
		assertThat(this.store.deliveries().retry(ALL)).isEqualTo(20);
		assertThat(due()).extracting(StoredDelivery::position)
			.containsExactlyElementsOf(events.stream().map(StoredEvent::position).toList());
	}

	@Test
	void onlyParkedAndReleasedAreDue() {
		UUID released = buried("a", true);
		buried("b", true);
		StoredEvent parked = event("c");
		StoredEvent queued = event("d");
		assertThat(this.store.deliveries().skip(released)).isTrue();
		checkpoint(queue(queued), park(parked, Duration.ZERO));
		assertThat(due()).extracting(StoredDelivery::status)
			.containsExactlyInAnyOrder(DeliveryStatus.RELEASED, DeliveryStatus.PARKED);
	}

	@Test
	void onlyTheGivenPartitionsAreDue() {
		register("wide", 3);
		StoredEvent event = event("k");
		for (Lease lease : claimed("node-1", partitions("wide", 3), LONG)) {
			StoredEvent own = appended(EventRecords.event("a", keyOf(lease.partition().partition(), 3, 0)));
			checkpoint(lease, 0, park(own, Duration.ZERO));
		}
		checkpoint(park(event, Duration.ZERO));
		List<PartitionId> two = List.of(new PartitionId("wide", 2), PARTITION);
		assertThat(this.store.deliveries().due(two, 10)).extracting(StoredDelivery::partition)
			.containsExactlyInAnyOrderElementsOf(two);
		assertThat(this.store.deliveries().due(two, 1)).hasSize(1);
		assertThat(this.store.deliveries().due(List.of(), 10)).isEmpty();
		assertThat(this.store.deliveries().due(List.of(UNKNOWN), 10)).isEmpty();
	}

	@Test
	void queuedInPositionOrder() {
		List<StoredEvent> events = List.of(event("k"), event("k"), event("other"), event("k"));
		checkpoint(queue(events.get(3)), queue(events.get(0)), queue(events.get(2)), queue(events.get(1)));
		KeyQueue queue = this.store.deliveries().queued(PARTITION, "k", 10);
		assertThat(queue.blocked()).isFalse();
		assertThat(queue.next()).extracting(StoredDelivery::position)
			.containsExactly(events.get(0).position(), events.get(1).position(), events.get(3).position());
		assertThat(this.store.deliveries().queued(PARTITION, "k", 2).next()).isEqualTo(queue.next().subList(0, 2));
		assertThat(queued("none")).isEmpty();
		assertThat(this.store.deliveries().queued(UNKNOWN, "k", 10)).isEqualTo(new KeyQueue(false, List.of()));
	}

	@Test
	void queueIsBlockedByWhatIsParkedOrHolds() {
		StoredEvent first = event("k");
		StoredEvent second = event("k");
		checkpoint(park(first, LONG), queue(second));
		assertThat(this.store.deliveries().queued(PARTITION, "k", 10)).isEqualTo(new KeyQueue(true, List.of()));
		DeliveryChange.Bury bury = bury(first, true);
		checkpoint(bury);
		assertThat(this.store.deliveries().queued(PARTITION, "k", 10)).isEqualTo(new KeyQueue(true, List.of()));
		assertThat(this.store.deliveries().skip(deadLetters().get(0).id())).isTrue();
		assertThat(this.store.deliveries().queued(PARTITION, "k", 10)).isEqualTo(new KeyQueue(true, List.of()));
		checkpoint(new DeliveryChange.Release(first.position()));
		assertThat(blocked("k")).isFalse();
		assertThat(queued("k")).extracting(StoredDelivery::position).containsExactly(second.position());
	}

	@Test
	void queueGoesAsFarAsTheFirstThatBlocks() {
		List<StoredEvent> events = List.of(event("k"), event("k"), event("k"), event("k"), event("k"));
		checkpoint(queue(events.get(0)), queue(events.get(1)), park(events.get(2), LONG), queue(events.get(3)),
				bury(events.get(4), true));
		KeyQueue queue = this.store.deliveries().queued(PARTITION, "k", 10);
		assertThat(queue.blocked()).isTrue();
		assertThat(queue.next()).extracting(StoredDelivery::position)
			.containsExactly(events.get(0).position(), events.get(1).position());
		assertThat(this.store.deliveries().queued(PARTITION, "k", 1).next()).isEqualTo(queue.next().subList(0, 1));
	}

	@Test
	void dueInTheOrderOfTheKey() {
		List<StoredEvent> events = List.of(event("k"), event("k"), event("k"), event("other"),
				appended(EventRecords.event("a", null)), appended(EventRecords.event("a", null)));
		checkpoint(queue(events.get(0)), park(events.get(1), Duration.ZERO), park(events.get(2), Duration.ZERO),
				park(events.get(3), Duration.ZERO), park(events.get(4), LONG), park(events.get(5), Duration.ZERO));
		assertDue(events.get(3), events.get(5));
		checkpoint(park(events.get(0), LONG));
		assertDue(events.get(3), events.get(5));
		DeliveryChange.Bury bury = bury(events.get(0), true);
		checkpoint(bury);
		assertDue(events.get(3), events.get(5));
		assertThat(this.store.deliveries().skip(deadLetters().get(0).id())).isTrue();
		assertDue(events.get(0), events.get(3), events.get(5));
		checkpoint(new DeliveryChange.Release(events.get(0).position()));
		assertDue(events.get(1), events.get(3), events.get(5));
		checkpoint(new DeliveryChange.Complete(events.get(1).position()));
		assertDue(events.get(2), events.get(3), events.get(5));
	}

	@Test
	void keyIsReadyWhenItsLowestIsQueued() {
		StoredEvent first = event("k");
		StoredEvent second = event("k");
		checkpoint(queue(first), park(second, LONG));
		ParkedState state = this.store.deliveries().parkedState(PARTITION, 0);
		assertThat(state.blockedKeys()).isEqualTo(Map.of("k", first.position()));
		assertThat(state.readyKeys()).containsExactly("k");
		checkpoint(new DeliveryChange.Complete(first.position()));
		state = this.store.deliveries().parkedState(PARTITION, 0);
		assertThat(state.blockedKeys()).isEqualTo(Map.of("k", second.position()));
		assertThat(state.readyKeys()).isEmpty();
	}

	@Test
	void queueIsNotBlockedByWhatDoesNotHold() {
		UUID dead = buried("k", false);
		StoredEvent second = event("k");
		checkpoint(queue(second), park(event("other"), LONG));
		assertThat(blocked("k")).isFalse();
		assertThat(queued("k")).extracting(StoredDelivery::position).containsExactly(second.position());
		assertThat(this.store.deliveries().retry(dead, null)).isTrue();
		assertThat(blocked("k")).isTrue();
		assertThat(queued("k")).isEmpty();
	}

	@Test
	void blockedKeys() {
		StoredEvent parked = event("parked");
		StoredEvent queued = event("queued");
		StoredEvent keyless = appended(EventRecords.event("a", null));
		checkpoint(park(parked, LONG), queue(queued), park(keyless, LONG));
		buried("holding", true);
		buried("dead", false);
		assertThat(this.store.deliveries().skip(buried("skipped", true))).isTrue();
		assertThat(this.store.deliveries().discard(buried("discarded", true))).isTrue();
		ParkedState state = this.store.deliveries().parkedState(PARTITION, 0);
		assertThat(state.blockedKeys()).containsOnlyKeys("parked", "queued", "holding", "skipped", "discarded")
			.containsEntry("parked", parked.position())
			.containsEntry("queued", queued.position());
		assertThat(state.readyKeys()).containsExactly("queued");
		assertThat(state.waiting()).isEqualTo(5);
		assertThat(state.positionsAhead()).hasSize(7);
	}

	@Test
	void keyIsReadyWhenNothingButQueuedDeliveriesIsLeft() {
		StoredEvent first = event("k");
		StoredEvent second = event("k");
		StoredEvent third = event("k");
		checkpoint(park(first, LONG), queue(second), queue(third));
		assertKey("k", true, false);
		DeliveryChange.Bury bury = bury(first, true);
		checkpoint(bury);
		assertKey("k", true, false);
		assertThat(this.store.deliveries().discard(deadLetters().get(0).id())).isTrue();
		assertKey("k", true, false);
		checkpoint(new DeliveryChange.Release(first.position()));
		assertKey("k", true, true);
		checkpoint(new DeliveryChange.Complete(second.position()));
		assertKey("k", true, true);
		checkpoint(bury(third, false));
		assertKey("k", false, false);
	}

	@Test
	void positionsAheadAreOfAnyState() {
		List<StoredEvent> events = List.of(event("a"), event("b"), event("c"), event("d"), event("e"));
		checkpoint(park(events.get(0), LONG), park(events.get(1), LONG), queue(events.get(2)),
				bury(events.get(3), false));
		assertThat(this.store.deliveries().parkedState(PARTITION, events.get(0).position()).positionsAhead())
			.isEqualTo(Set.of(events.get(1).position(), events.get(2).position(), events.get(3).position()));
		assertThat(this.store.deliveries().parkedState(PARTITION, events.get(3).position()).positionsAhead()).isEmpty();
	}

	@Test
	void stateIsOfOnePartition() {
		register("other", 1);
		StoredEvent event = event("k");
		checkpoint(claimed("node-1", new PartitionId("other", 0)), 0, park(event, LONG));
		assertThat(this.store.deliveries().parkedState(PARTITION, 0))
			.isEqualTo(new ParkedState(Map.of(), Set.of(), Set.of(), 0));
		assertThat(this.store.deliveries().parkedState(new PartitionId("other", 0), 0))
			.isEqualTo(new ParkedState(Map.of("k", event.position()), Set.of(), Set.of(event.position()), 1));
	}

	private void assertDue(StoredEvent... events) {
		assertThat(due()).extracting(StoredDelivery::position)
			.containsExactlyInAnyOrderElementsOf(List.of(events).stream().map(StoredEvent::position).toList());
	}

	private void assertKey(String key, boolean blocked, boolean ready) {
		ParkedState state = this.store.deliveries().parkedState(PARTITION, 0);
		assertThat(state.blockedKeys().keySet()).isEqualTo(blocked ? Set.of(key) : Set.of());
		assertThat(state.readyKeys()).isEqualTo(ready ? Set.of(key) : Set.of());
	}

	/** A key of a partition, for each number another one. */
	private static String keyOf(int partition, int partitions, int number) {
		return IntStream.iterate(0, (i) -> i + 1)
			.mapToObj((i) -> "k" + i)
			.filter((key) -> PartitionId.of(PartitionId.hash(EventRecords.event("a", key)), partitions) == partition)
			.skip(number)
			.findFirst()
			.orElseThrow();
	}

}
