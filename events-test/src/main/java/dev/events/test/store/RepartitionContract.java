package dev.events.test.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.events.store.Checkpoint;
import dev.events.store.CursorState;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryCounts;
import dev.events.store.EventRecord;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Changing the number of a subscription's partitions.
 */
abstract class RepartitionContract extends DeliveryContract {

	private static final int BEFORE = 3;

	private List<Lease> leases;

	@BeforeEach
	void subscribeWithMorePartitions() {
		register("orders", BEFORE);
		this.leases = claimed("node-1", partitions("orders", BEFORE), LONG);
	}

	@Test
	void cursorsBeginAtTheLowest() {
		advanceCursors();
		register("orders", 5);
		assertCursors(5, 20);
		register("orders", 1);
		assertCursors(1, 20);
	}

	@Test
	void leasesTellWhatWasDoneBehindTheCursor() {
		advanceCursors();
		this.store.cursors().release(this.leases);
		register("orders", 5);
		List<Lease> after = claimed("node-2", partitions("orders", 5), LONG);
		// 30, 20 and 25 of three
		assertThat(after).allSatisfy((lease) -> {
			assertThat(lease.position()).isEqualTo(20);
			assertThat(lease.isDone(0, 30)).isTrue();
			assertThat(lease.isDone(0, 31)).isFalse();
			assertThat(lease.isDone(1, 21)).isFalse();
			assertThat(lease.isDone(-1, 25)).isTrue();
			assertThat(lease.isDone(-1, 26)).isFalse();
		});
		checkpoint(after.get(4), 100);
		this.store.cursors().release(after);
		register("orders", 2);
		assertThat(claimed("node-1", partitions("orders", 2), LONG)).allSatisfy((lease) -> {
			assertThat(lease.position()).isEqualTo(20);
			assertThat(lease.isDone(0, 30)).isTrue();
			assertThat(lease.isDone(4, 100)).isTrue();
			assertThat(lease.isDone(4, 101)).isFalse();
		});
	}

	@Test
	void whatNoCursorWillMeetAgainIsForgotten() {
		advanceCursors();
		this.store.cursors().release(this.leases);
		register("orders", 1);
		Lease only = claimed("node-1", partitions("orders", 1), LONG).get(0);
		checkpoint(only, 40);
		this.store.cursors().release(List.of(only));
		register("orders", 2);
		assertThat(claimed("node-1", partitions("orders", 2), LONG))
			.allSatisfy((lease) -> assertThat(lease.former()).isEmpty());
	}

	@Test
	void leasesEnd() {
		advanceCursors();
		register("orders", 5);
		assertThat(this.store.cursors().renew(this.leases, LONG)).isEmpty();
		assertThat(this.store.cursors()
			.checkpoint(List.of(new Checkpoint(this.leases.get(1), 100, List.of()),
					new Checkpoint(this.leases.get(2), 100, List.of()))))
			.containsExactlyInAnyOrder(this.leases.get(1).partition(), this.leases.get(2).partition());
		assertCursors(5, 20);
	}

	@Test
	void nobodyCanClaimBeforeTheOldLeasesHaveRunOut() {
		this.store.cursors().release(this.leases.subList(0, 1));
		assertThat(this.store.cursors().renew(this.leases.subList(1, 3), SHORT)).hasSize(2);
		for (int partitions : new int[] { 5, 1 }) {
			register("orders", partitions);
			for (String node : List.of("node-1", "node-2")) {
				assertThat(this.store.cursors().claim(node, partitions("orders", partitions), LONG)).isEmpty();
			}
			assertCursors(partitions, 0);
		}
		letShortTimePass();
		assertThat(claimed("node-2", partitions("orders", 1), LONG)).allMatch((lease) -> lease.partitions() == 1);
	}

	@Test
	void releaseOfAnOldLeaseFreesNothing() {
		register("orders", 5);
		this.store.cursors().release(this.leases);
		assertThat(this.store.cursors().claim("node-2", partitions("orders", 5), LONG)).isEmpty();
	}

	@Test
	void whatWasReleasedIsFreeAtOnce() {
		this.store.cursors().release(this.leases);
		register("orders", 5);
		assertThat(claimed("node-2", partitions("orders", 5), LONG)).allMatch((lease) -> lease.partitions() == 5);
	}

	@Test
	void epochsGrowThroughFewerAndMore() {
		for (int i = 0; i < 3; i++) {
			this.leases = claimed("node-1", partitions("orders", BEFORE), LONG);
		}
		this.store.cursors().release(this.leases);
		register("orders", 1);
		register("orders", BEFORE);
		List<Lease> anew = claimed("node-1", partitions("orders", BEFORE), LONG);
		long highest = this.leases.stream().mapToLong(Lease::epoch).max().orElseThrow();
		assertThat(anew).allMatch((lease) -> lease.epoch() > highest);
		assertThat(this.store.cursors().renew(this.leases, LONG)).isEmpty();
	}

	@Test
	void otherSubscriptionsStayAsTheyAre() {
		StoredEvent event = event("k");
		checkpoint(this.lease, 5, park(event, Duration.ZERO));
		register("orders", 5);
		assertThat(cursor(PARTITION)).isEqualTo(new CursorState(PARTITION, 5, "node-1"));
		assertThat(onlyDue().position()).isEqualTo(event.position());
		assertThat(this.store.cursors().renew(List.of(this.lease), LONG)).containsExactly(PARTITION);
		assertThat(this.store.cursors().list()).hasSize(6);
	}

	@Test
	void deliveriesMoveToThePartitionsOfTheirEvents() {
		List<StoredEvent> events = appended(events());
		storeDeliveries(events);
		for (int partitions : new int[] { 1, 2, 16, 5, 3 }) {
			register("orders", partitions);
			List<StoredDelivery> deliveries = deliveries(partitions);
			assertThat(deliveries)
				.allMatch((delivery) -> delivery.partition().equals(partitionOf(delivery.event(), partitions)));
			assertThat(deliveries).extracting(StoredDelivery::position)
				.containsExactlyInAnyOrderElementsOf(events.stream().map(StoredEvent::position).toList());
			assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts("orders", 20, 10));
		}
	}

	/** All deliveries, the parked and queued ones as their partitions find them. */
	private List<StoredDelivery> deliveries(int partitions) {
		List<StoredDelivery> all = new ArrayList<>();
		for (PartitionId partition : partitions("orders", partitions)) {
			List<StoredDelivery> here = new ArrayList<>(this.store.deliveries().due(List.of(partition), 1_000));
			this.store.deliveries()
				.parkedState(partition, 0)
				.blockedKeys()
				.keySet()
				.forEach((key) -> here.addAll(this.store.deliveries().queued(partition, key, 1_000).next()));
			assertThat(here).allMatch((delivery) -> delivery.partition().equals(partition));
			all.addAll(here);
		}
		all.addAll(this.store.deliveries().deadLetters(ALL.subscription("orders"), null, 1_000));
		return all;
	}

	/** A third each parked, queued and dead, some with keys and some without. */
	private static List<EventRecord> events() {
		List<EventRecord> events = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			boolean keyless = i % 3 != 1 && i % 2 == 0;
			events.add(EventRecords.event("order.placed", keyless ? null : "key-" + i));
		}
		return events;
	}

	private void storeDeliveries(List<StoredEvent> events) {
		for (int i = 0; i < events.size(); i++) {
			StoredEvent event = events.get(i);
			DeliveryChange change = switch (i % 3) {
				case 0 -> park(event, Duration.ZERO);
				case 1 -> queue(event);
				default -> bury(event, false);
			};
			Lease lease = this.leases.stream()
				.filter((candidate) -> candidate.partition().equals(partitionOf(event.event(), BEFORE)))
				.findFirst()
				.orElseThrow();
			checkpoint(lease, 0, change);
		}
		assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts("orders", 20, 10));
	}

	private static PartitionId partitionOf(EventRecord event, int partitions) {
		return new PartitionId("orders", PartitionId.of(PartitionId.hash(event), partitions));
	}

	private void advanceCursors() {
		long[] positions = { 30, 20, 25 };
		for (Lease lease : this.leases) {
			checkpoint(lease, positions[lease.partition().partition()]);
		}
	}

	private void assertCursors(int count, long position) {
		assertThat(this.store.cursors().list()).filteredOn((cursor) -> !cursor.partition().equals(PARTITION))
			.containsExactlyElementsOf(partitions("orders", count).stream()
				.map((partition) -> new CursorState(partition, position, null))
				.toList());
	}

}
