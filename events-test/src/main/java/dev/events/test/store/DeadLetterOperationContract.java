package dev.events.test.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import dev.events.store.CursorState;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryCounts;
import dev.events.store.DeliveryStatus;
import dev.events.store.EventRecord;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What operators do to dead letters.
 */
abstract class DeadLetterOperationContract extends DeliveryContract {

	private static final String EDITED = "{ \"edited\": \"🎉 it's\" }";

	@Test
	void retryParksAgain() {
		UUID id = buried("k", true);
		StoredDelivery before = deadLetter(id);
		assertThat(this.store.deliveries().retry(id, null)).isTrue();
		assertThat(onlyDue()).isEqualTo(new StoredDelivery(id, PARTITION, before.position(), before.event(),
				DeliveryStatus.PARKED, 0, false, before.firstFailedAt(), before.lastFailedAt(), FAILURE));
		assertThat(deadLetters()).isEmpty();
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).blockedKeys()).containsOnlyKeys("k");
		assertThat(this.store.deliveries().retry(id, null)).isFalse();
	}

	@Test
	void retryBlocksItsKeyAgain() {
		UUID id = buried("k", false);
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).blockedKeys()).isEmpty();
		assertThat(this.store.deliveries().retry(id, null)).isTrue();
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).blockedKeys()).containsOnlyKeys("k");
		assertThat(blocked("k")).isTrue();
		checkpoint(new DeliveryChange.Complete(onlyDue().position()));
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).blockedKeys()).isEmpty();
	}

	@Test
	void retryWithOtherData() {
		EventRecord event = EventRecords.event("user.created").key("k").organization("acme").metadata("a", "b").build();
		UUID id = buried(event, true);
		assertThat(this.store.deliveries().retry(id, EDITED)).isTrue();
		assertThat(onlyDue().event()).isEqualTo(event.withData(EDITED));
		assertThat(this.store.log().find(event.id()).orElseThrow().event()).isEqualTo(event);
	}

	@Test
	void otherDataStaysThroughFailures() {
		EventRecord event = EventRecords.event("user.created", "k");
		UUID id = buried(event, false);
		assertThat(this.store.deliveries().retry(id, EDITED)).isTrue();
		StoredEvent stored = new StoredEvent(onlyDue().position(), event);
		checkpoint(park(stored, Duration.ZERO));
		assertThat(onlyDue().event().data()).isEqualTo(EDITED);
		checkpoint(bury(stored, true));
		assertThat(deadLetter(id).event()).isEqualTo(event.withData(EDITED));
		assertThat(this.store.deliveries().retry(id, null)).isTrue();
		assertThat(onlyDue().event().data()).isEqualTo(EDITED);
	}

	@Test
	void retriedOneCanFailAgain() {
		UUID id = buried("k", true);
		StoredDelivery dead = deadLetter(id);
		assertThat(this.store.deliveries().retry(id, null)).isTrue();
		letShortTimePass();
		checkpoint(park(new StoredEvent(dead.position(), dead.event()), LONG));
		assertThat(due()).isEmpty();
		checkpoint(bury(new StoredEvent(dead.position(), dead.event()), true));
		StoredDelivery again = deadLetter(id);
		assertThat(again.firstFailedAt()).isEqualTo(dead.firstFailedAt());
		assertThat(again.lastFailedAt()).isAfter(dead.lastFailedAt());
		assertThat(again.holding()).isTrue();
		assertThat(again.attempts()).isEqualTo(3);
	}

	@Test
	void retryOfAllThatMatch() {
		UUID holding = buried("a", true);
		UUID created = buried("b", false);
		UUID ordered = buried(EventRecords.event("order.created", "c"), false);
		assertThat(this.store.deliveries().retry(ALL.type("user.*").subscription(SUBSCRIPTION))).isEqualTo(2);
		assertThat(due()).extracting(StoredDelivery::id).containsExactlyInAnyOrder(holding, created);
		assertThat(due()).allMatch((delivery) -> delivery.status() == DeliveryStatus.PARKED && delivery.attempts() == 0
				&& !delivery.holding());
		assertThat(deadLetters()).extracting(StoredDelivery::id).containsExactly(ordered);
		assertThat(this.store.deliveries().retry(ALL.subscription("other"))).isZero();
		assertThat(this.store.deliveries().retry(ALL.type("user.*"))).isZero();
	}

	@Test
	void skipReleasesTheKeyOfAHoldingOne() {
		UUID id = buried("k", true);
		StoredDelivery before = deadLetter(id);
		assertThat(this.store.deliveries().skip(id)).isTrue();
		StoredDelivery released = onlyDue();
		assertThat(released.id()).isEqualTo(id);
		assertThat(released.status()).isEqualTo(DeliveryStatus.RELEASED);
		assertThat(released.event()).isEqualTo(before.event());
		assertThat(released.attempts()).isEqualTo(3);
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).blockedKeys()).containsOnlyKeys("k");
		assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts(SUBSCRIPTION, 1, 1));
	}

	@Test
	void skippedOneIsStillADeadLetter() {
		UUID id = buried("k", true);
		assertThat(this.store.deliveries().skip(id)).isTrue();
		assertThat(this.store.deliveries().skip(id)).isTrue();
		assertThat(deadLetters()).extracting(StoredDelivery::id).containsExactly(id);
		assertThat(deadLetter(id).status()).isEqualTo(DeliveryStatus.RELEASED);
		assertThat(this.store.deliveries().retry(ALL)).isOne();
		assertThat(onlyDue().status()).isEqualTo(DeliveryStatus.PARKED);
		assertThat(deadLetters()).isEmpty();
	}

	@Test
	void skippedOneCanBeDiscarded() {
		UUID id = buried("k", true);
		assertThat(this.store.deliveries().skip(id)).isTrue();
		assertThat(this.store.deliveries().discard(id)).isTrue();
		assertThat(deadLetters()).isEmpty();
		assertThat(this.store.deliveries().discard(id)).isFalse();
		checkpoint(new DeliveryChange.Release(onlyDue().position()));
		assertThat(this.store.deliveries().counts()).isEmpty();
	}

	@Test
	void skipLeavesOneThatDoesNotHold() {
		UUID id = buried("k", false);
		StoredDelivery before = deadLetter(id);
		assertThat(this.store.deliveries().skip(id)).isTrue();
		assertThat(deadLetter(id)).isEqualTo(before);
		assertThat(due()).isEmpty();
	}

	@Test
	void discardDeletesOneThatDoesNotHold() {
		UUID id = buried("k", false);
		UUID kept = buried("k", false);
		assertThat(this.store.deliveries().discard(id)).isTrue();
		assertThat(due()).isEmpty();
		assertThat(deadLetters()).extracting(StoredDelivery::id).containsExactly(kept);
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).positionsAhead())
			.isEqualTo(Set.of(deadLetter(kept).position()));
		assertThat(this.store.deliveries().discard(id)).isFalse();
	}

	@Test
	void discardReleasesOneThatHolds() {
		UUID id = buried("k", true);
		assertThat(this.store.deliveries().discard(id)).isTrue();
		assertThat(onlyDue().id()).isEqualTo(id);
		assertThat(onlyDue().status()).isEqualTo(DeliveryStatus.RELEASED);
		assertThat(deadLetters()).isEmpty();
		assertThat(this.store.deliveries().discard(id)).isFalse();
	}

	@Test
	void discardOfAllThatMatch() {
		UUID holding = buried("a", true);
		buried("b", false);
		UUID kept = buried(EventRecords.event("order.created", "c"), false);
		assertThat(this.store.deliveries().discard(ALL.type("user.*"))).isEqualTo(2);
		assertThat(onlyDue().id()).isEqualTo(holding);
		assertThat(deadLetters()).extracting(StoredDelivery::id).containsExactly(kept);
		assertThat(this.store.deliveries().discard(ALL.type("user.*"))).isZero();
		checkpoint(new DeliveryChange.Release(onlyDue().position()));
		assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts(SUBSCRIPTION, 0, 1));
	}

	@Test
	void onlyDeadLettersCanBeOperatedOn() {
		StoredEvent parkedEvent = event("a");
		StoredEvent queuedEvent = event("b");
		DeliveryChange.Park park = park(parkedEvent, LONG);
		DeliveryChange.Queue queue = queue(queuedEvent);
		checkpoint(park, queue);
		UUID released = buried("c", true);
		assertThat(this.store.deliveries().discard(released)).isTrue();
		for (UUID id : List.of(park.id(), queue.id(), released, UUID.randomUUID())) {
			assertThat(this.store.deliveries().retry(id, null)).isFalse();
			assertThat(this.store.deliveries().retry(id, EDITED)).isFalse();
			assertThat(this.store.deliveries().skip(id)).isFalse();
			assertThat(this.store.deliveries().discard(id)).isFalse();
		}
		assertThat(this.store.deliveries().retry(ALL)).isZero();
		assertThat(this.store.deliveries().discard(ALL)).isZero();
		assertThat(onlyDue().status()).isEqualTo(DeliveryStatus.RELEASED);
		assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts(SUBSCRIPTION, 3, 0));
	}

	@Test
	void operationsMoveNoCursor() {
		UUID retried = buried("a", true);
		UUID skipped = buried("b", true);
		UUID discarded = buried("c", false);
		checkpoint(this.lease, 77);
		assertThat(this.store.deliveries().retry(retried, EDITED)).isTrue();
		assertThat(this.store.deliveries().skip(skipped)).isTrue();
		assertThat(this.store.deliveries().discard(discarded)).isTrue();
		assertThat(cursor(PARTITION)).isEqualTo(new CursorState(PARTITION, 77, "node-1"));
	}

	@Test
	void ofManyOperatorsOneIsLast() throws Exception {
		for (int round = 0; round < 5; round++) {
			UUID id = buried("k" + round, true);
			List<Boolean> won = Threads.onEach((thread) -> switch (thread % 3) {
				case 0 -> this.store.deliveries().retry(id, null);
				case 1 -> this.store.deliveries().skip(id);
				default -> this.store.deliveries().discard(id);
			});
			// after a skip there still is a dead letter to retry or discard
			assertThat(won).contains(true);
			assertThat(due()).hasSize(round + 1);
		}
	}

}
