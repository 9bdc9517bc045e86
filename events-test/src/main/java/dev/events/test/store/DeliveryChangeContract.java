package dev.events.test.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryCounts;
import dev.events.store.DeliveryStatus;
import dev.events.store.ParkedState;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each delivery change does.
 */
abstract class DeliveryChangeContract extends DeliveryContract {

	private static final DeliveryChange.Failure NEXT_FAILURE = new DeliveryChange.Failure("x.Y", null, "");

	@Test
	void parkCreates() {
		StoredEvent event = event("k");
		DeliveryChange.Park park = park(event, Duration.ZERO);
		checkpoint(park);
		StoredDelivery delivery = onlyDue();
		Instant failedAt = delivery.firstFailedAt();
		assertThat(failedAt).isNotNull();
		assertThat(delivery).isEqualTo(new StoredDelivery(park.id(), PARTITION, event.position(), event.event(),
				DeliveryStatus.PARKED, 1, false, failedAt, failedAt, FAILURE));
	}

	@Test
	void parkUpdatesWhatIsThere() {
		StoredEvent event = event("k");
		DeliveryChange.Park first = park(event, LONG);
		checkpoint(first);
		letShortTimePass();
		checkpoint(new DeliveryChange.Park(UUID.randomUUID(), event.event(), event.position(), 2, Duration.ZERO,
				NEXT_FAILURE));
		StoredDelivery delivery = onlyDue();
		assertThat(delivery.id()).isEqualTo(first.id());
		assertThat(delivery.attempts()).isEqualTo(2);
		assertThat(delivery.failure()).isEqualTo(NEXT_FAILURE);
		assertThat(delivery.lastFailedAt()).isAfter(delivery.firstFailedAt());
		assertThat(waiting()).isOne();
	}

	@Test
	void parkTwiceIsTheSameAsOnce() {
		StoredEvent event = event("k");
		DeliveryChange.Park park = park(event, Duration.ZERO);
		checkpoint(park);
		checkpoint(park);
		assertThat(onlyDue().id()).isEqualTo(park.id());
		assertThat(waiting()).isOne();
	}

	@Test
	void parkOfAQueuedOne() {
		StoredEvent event = event("k");
		DeliveryChange.Queue queue = queue(event);
		checkpoint(queue);
		assertThat(queued("k")).hasSize(1);
		checkpoint(park(event, Duration.ZERO));
		assertThat(queued("k")).isEmpty();
		assertThat(onlyDue().id()).isEqualTo(queue.id());
		assertThat(onlyDue().firstFailedAt()).isNotNull();
	}

	@Test
	void queueCreates() {
		StoredEvent event = event("k");
		DeliveryChange.Queue queue = queue(event);
		checkpoint(queue);
		assertThat(queued("k")).containsExactly(new StoredDelivery(queue.id(), PARTITION, event.position(),
				event.event(), DeliveryStatus.QUEUED, 0, false, null, null, null));
		assertThat(due()).isEmpty();
		assertThat(waiting()).isOne();
	}

	@Test
	void queueLeavesWhatIsThere() {
		StoredEvent parked = event("a");
		StoredEvent dead = event("b");
		StoredEvent queued = event("c");
		DeliveryChange.Park park = park(parked, Duration.ZERO);
		DeliveryChange.Bury bury = bury(dead, true);
		DeliveryChange.Queue queue = queue(queued);
		checkpoint(park, bury, queue);
		List<StoredDelivery> due = due();
		List<StoredDelivery> deadLetters = deadLetters();
		checkpoint(queue(parked), queue(dead), queue(queued));
		assertThat(due()).isEqualTo(due).extracting(StoredDelivery::id).containsExactly(park.id());
		assertThat(deadLetters()).isEqualTo(deadLetters).extracting(StoredDelivery::id).containsExactly(bury.id());
		assertThat(queued("c")).extracting(StoredDelivery::id).containsExactly(queue.id());
		assertThat(waiting()).isEqualTo(2);
	}

	@Test
	void buryCreates() {
		StoredEvent event = event("k");
		DeliveryChange.Bury bury = bury(event, true);
		checkpoint(bury);
		StoredDelivery delivery = deadLetter(bury.id());
		Instant failedAt = delivery.firstFailedAt();
		assertThat(failedAt).isNotNull();
		assertThat(delivery).isEqualTo(new StoredDelivery(bury.id(), PARTITION, event.position(), event.event(),
				DeliveryStatus.DEAD, 3, true, failedAt, failedAt, FAILURE));
	}

	@Test
	void buryOfAParkedOne() {
		StoredEvent event = event("k");
		DeliveryChange.Park park = park(event, Duration.ZERO);
		checkpoint(park);
		Instant failedAt = onlyDue().firstFailedAt();
		letShortTimePass();
		checkpoint(new DeliveryChange.Bury(UUID.randomUUID(), event.event(), event.position(), 5, NEXT_FAILURE, false));
		assertThat(due()).isEmpty();
		StoredDelivery delivery = deadLetter(park.id());
		assertThat(delivery.firstFailedAt()).isEqualTo(failedAt);
		assertThat(delivery.lastFailedAt()).isAfter(failedAt);
		assertThat(delivery.attempts()).isEqualTo(5);
		assertThat(delivery.failure()).isEqualTo(NEXT_FAILURE);
		assertThat(delivery.holding()).isFalse();
		assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts(SUBSCRIPTION, 0, 1));
	}

	@Test
	void completeDeletesInAnyState() {
		StoredEvent parked = event("a");
		StoredEvent queued = event("b");
		StoredEvent dead = event("c");
		StoredEvent kept = event("d");
		checkpoint(park(parked, LONG), queue(queued), bury(dead, true), park(kept, Duration.ZERO));
		assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts(SUBSCRIPTION, 3, 1));
		for (StoredEvent event : List.of(parked, queued, dead, queued)) {
			checkpoint(new DeliveryChange.Complete(event.position()));
		}
		assertThat(this.store.deliveries().counts()).containsExactly(new DeliveryCounts(SUBSCRIPTION, 1, 0));
		assertThat(state())
			.isEqualTo(new ParkedState(Map.of("d", kept.position()), Set.of(), Set.of(kept.position()), 1));
		assertThat(this.store.log().find(parked.event().id())).contains(parked);
	}

	@Test
	void releaseOfASkippedOneKeepsIt() {
		UUID id = buried("k", true);
		StoredDelivery before = deadLetter(id);
		assertThat(this.store.deliveries().skip(id)).isTrue();
		assertThat(onlyDue().status()).isEqualTo(DeliveryStatus.RELEASED);
		checkpoint(new DeliveryChange.Release(before.position()));
		assertThat(due()).isEmpty();
		assertThat(deadLetter(id)).isEqualTo(new StoredDelivery(id, PARTITION, before.position(), before.event(),
				DeliveryStatus.DEAD, 3, false, before.firstFailedAt(), before.lastFailedAt(), FAILURE));
		assertThat(state().blockedKeys()).isEmpty();
	}

	@Test
	void releaseOfADiscardedOneDeletesIt() {
		UUID id = buried("k", true);
		long position = deadLetter(id).position();
		assertThat(this.store.deliveries().discard(id)).isTrue();
		assertThat(onlyDue().status()).isEqualTo(DeliveryStatus.RELEASED);
		checkpoint(new DeliveryChange.Release(position));
		assertThat(due()).isEmpty();
		assertThat(this.store.deliveries().counts()).isEmpty();
		assertThat(state()).isEqualTo(new ParkedState(Map.of(), Set.of(), Set.of(), 0));
	}

	@Test
	void releaseOfADeadLetterEndsItsHold() {
		UUID id = buried("k", true);
		DeliveryChange.Release release = new DeliveryChange.Release(deadLetter(id).position());
		checkpoint(release);
		checkpoint(release);
		assertThat(deadLetter(id).holding()).isFalse();
		assertThat(state().blockedKeys()).isEmpty();
	}

	@Test
	void releaseLeavesOtherStates() {
		StoredEvent parked = event("a");
		StoredEvent queued = event("b");
		checkpoint(park(parked, Duration.ZERO), queue(queued));
		checkpoint(new DeliveryChange.Release(parked.position()), new DeliveryChange.Release(queued.position()),
				new DeliveryChange.Release(queued.position() + 1_000));
		assertThat(onlyDue().position()).isEqualTo(parked.position());
		assertThat(queued("b")).hasSize(1);
	}

	private ParkedState state() {
		return this.store.deliveries().parkedState(PARTITION, 0);
	}

	private long waiting() {
		return state().waiting();
	}

}
