package dev.events.test.store;

import java.time.Duration;
import java.util.UUID;

import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryStatus;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Deliveries of replays, and ones that are put off for one.
 */
abstract class ReplayedDeliveryContract extends DeliveryContract {

	private static DeliveryChange.Park replayed(StoredEvent event) {
		return new DeliveryChange.Park(EventRecords.nextId(), event.event(), event.position(), 1, Duration.ZERO,
				FAILURE, true);
	}

	private static DeliveryChange.Queue replayedQueue(StoredEvent event) {
		return new DeliveryChange.Queue(EventRecords.nextId(), event.event(), event.position(), true);
	}

	@Test
	void aReplayedDeliveryStaysOne() {
		StoredEvent event = event("k");
		StoredEvent behind = event("k");
		checkpoint(replayed(event), replayedQueue(behind));
		assertThat(onlyDue().replay()).isTrue();
		checkpoint(replayed(event));
		assertThat(onlyDue().replay()).isTrue();
		UUID id = onlyDue().id();
		checkpoint(
				new DeliveryChange.Bury(UUID.randomUUID(), event.event(), event.position(), 3, FAILURE, false, true));
		assertThat(deadLetter(id).replay()).isTrue();
		assertThat(queued("k")).extracting(StoredDelivery::replay).containsExactly(true);
		assertThat(this.store.deliveries().retry(id, null)).isTrue();
		assertThat(onlyDue().replay()).isTrue();
	}

	@Test
	void aLiveDeliveryNeverBecomesAReplayedOne() {
		StoredEvent parked = event("k");
		StoredEvent queued = event("k");
		StoredEvent dead = event("d");
		checkpoint(park(parked, Duration.ZERO), queue(queued), bury(dead, false));
		checkpoint(replayed(parked), replayedQueue(queued), replayed(dead));
		assertThat(due()).extracting(StoredDelivery::position)
			.containsExactlyInAnyOrder(parked.position(), dead.position());
		assertThat(due()).noneMatch(StoredDelivery::replay);
		checkpoint(new DeliveryChange.Complete(parked.position()));
		assertThat(queued("k")).extracting(StoredDelivery::position).containsExactly(queued.position());
		assertThat(queued("k")).noneMatch(StoredDelivery::replay);
	}

	@Test
	void aReplayedDeliveryBecomesALiveOne() {
		StoredEvent parked = event("k");
		StoredEvent queued = event("k");
		checkpoint(replayed(parked), replayedQueue(queued));
		assertThat(onlyDue().replay()).isTrue();
		checkpoint(park(parked, Duration.ZERO), queue(queued));
		assertThat(onlyDue().replay()).isFalse();
		checkpoint(new DeliveryChange.Complete(parked.position()));
		assertThat(queued("k")).extracting(StoredDelivery::replay).containsExactly(false);
	}

	@Test
	void aDeadLetterIsParkedAgainByAReplay() {
		UUID id = buried("k", false);
		StoredDelivery dead = deadLetter(id);
		checkpoint(replayed(new StoredEvent(dead.position(), dead.event())));
		assertThat(onlyDue().id()).isEqualTo(id);
		assertThat(deadLetters()).isEmpty();
		assertThat(blocked("k")).isTrue();
	}

	@Test
	void whatIsDeferredWaitsForItsTurn() {
		StoredEvent event = event("k");
		StoredEvent behind = event("k");
		checkpoint(park(event, Duration.ZERO), queue(behind));
		StoredDelivery before = onlyDue();
		checkpoint(new DeliveryChange.Defer(event.position()));
		assertThat(due()).isEmpty();
		assertThat(blocked("k")).isFalse();
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).readyKeys()).containsExactly("k");
		assertThat(this.store.deliveries().parkedState(PARTITION, 0).waiting()).isEqualTo(2);
		assertThat(queued("k")).hasSize(2);
		StoredDelivery deferred = queued("k").get(0);
		assertThat(deferred).isEqualTo(new StoredDelivery(before.id(), PARTITION, event.position(), event.event(),
				DeliveryStatus.QUEUED, 1, false, before.firstFailedAt(), before.lastFailedAt(), before.failure()));
	}

	@Test
	void onlyWhatIsParkedIsDeferred() {
		UUID id = buried("k", true);
		checkpoint(new DeliveryChange.Defer(deadLetter(id).position()), new DeliveryChange.Defer(10_000));
		assertThat(deadLetter(id).holding()).isTrue();
		assertThat(this.store.deliveries().skip(id)).isTrue();
		checkpoint(new DeliveryChange.Defer(deadLetter(id).position()));
		assertThat(onlyDue().status()).isEqualTo(DeliveryStatus.RELEASED);
	}

}
