package dev.events.saga;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.Saga;
import dev.events.SagaInfo.Status;
import dev.events.bus.DurableEventBus;
import dev.events.saga.OrderEvents.OrderCompleted;
import dev.events.saga.OrderEvents.OrderPlaced;
import dev.events.saga.OrderEvents.OrderState;
import dev.events.saga.OrderEvents.PaymentFailed;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryChange.Failure;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.StoredEvent;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An ended saga is forgotten when its events can certainly not be delivered again, and
 * not started by a delivery that is over.
 */
class SagaForgettingTests extends SagaFixture {

	private static final PartitionId PARTITION = new PartitionId("saga.order", 0);

	private static final Failure FAILURE = new Failure("java.lang.IllegalStateException", "not yet", "");

	@Test
	void notWhileTheStartIsParked() {
		StoredEvent start = ended();
		parked(new DeliveryChange.Park(UUID.randomUUID(), start.event(), start.position(), 1, Duration.ofSeconds(3),
				FAILURE));
		retentionIsOver();
		DurableEventBus bus = started(onePartition());
		await().until(() -> stats(bus).duplicates() + stats(bus).started() > 0);
		assertThat(stats(bus).started()).as("starts of a saga that had ended").isZero();
		assertThat(types(bus)).containsOnlyOnce("payment.requested");
		await().atMost(Duration.ofSeconds(30)).until(() -> bus.sagas().find("order", "o-1").isEmpty());
	}

	@Test
	void notWhileTheStartIsADeadLetter() {
		StoredEvent start = ended();
		parked(new DeliveryChange.Bury(UUID.randomUUID(), start.event(), start.position(), 3, FAILURE, false));
		DurableEventBus bus = started(onePartition());
		await().until(() -> this.store.cursors().list().get(0).position() == this.store.log().head());
		long before = retentionIsOver();
		// it was looked at, and kept
		await().until(() -> this.store.processes()
			.find("saga.order", "o-1")
			.filter((now) -> now.version() == before)
			.isEmpty());
		assertThat(bus.sagas().find("order", "o-1")).isPresent();
		assertThat(bus.deadLetters().retryAll(Filter.all())).isEqualTo(1);
		await().until(() -> stats(bus).duplicates() + stats(bus).started() > 0);
		assertThat(stats(bus).started()).as("starts of a saga that had ended").isZero();
	}

	@Test
	void stepThatComesAfterItsPartitionWasTakenAwayIsNotMade() {
		AtomicInteger made = new AtomicInteger();
		DurableEventBus bus = started(
				Saga.named("order", OrderState.class).startsOn(OrderPlaced.class, (event, saga) -> {
					if (made.incrementAndGet() == 1) {
						// ends all leases
						SubscriptionRecord known = this.store.subscriptions().find("saga.order").orElseThrow();
						this.store.subscriptions()
							.update(new SubscriptionRecord(known.id(), known.patterns(), known.subscriberType(),
									known.config(), known.active(), known.organization(), known.createdFrom(), 2));
					}
					saga.publish(new OrderCompleted(event.data().order()));
					return new OrderState(event.data().order(), event.data().amount(), List.of());
				}).subscriber((options) -> options.partitions(1)).build());
		bus.publish(event(placed("o-1"), "o-1"));
		await().atMost(Duration.ofSeconds(40)).until(() -> types(bus).contains("order.completed"));
		assertThat(made.get()).isGreaterThan(1);
		assertThat(types(bus)).containsOnlyOnce("order.completed");
		assertThat(find(bus, "o-1").failures()).isEmpty();
		assertThat(bus.stats().failed()).isZero();
	}

	/** The start of a saga that has come to its end; nothing runs any more. */
	private StoredEvent ended() {
		DurableEventBus bus = started(onePartition());
		Event<?> start = bus.publish(event(placed("o-1"), "o-1")).event();
		bus.publish(event(new PaymentFailed("no money"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		bus.close();
		return this.store.log().find(start.id()).orElseThrow();
	}

	/**
	 * As after a crash between the commit of the step, in a later attempt, and the next
	 * checkpoint.
	 */
	private void parked(DeliveryChange change) {
		Lease lease = this.store.cursors().claim("dead", List.of(PARTITION), Duration.ofSeconds(10)).get(0);
		assertThat(this.store.cursors().checkpoint(List.of(new Checkpoint(lease, change.position(), List.of(change)))))
			.isEmpty();
		this.store.cursors().release(List.of(lease));
	}

	/** Gives the version that it has now. */
	private long retentionIsOver() {
		ProcessRecord ended = saga();
		this.store.processes()
			.commit(new ProcessChange("saga.order", "o-1", ended.version(),
					new ProcessState(ended.state().status(), ended.state().data(), this.store.now()), List.of()));
		return saga().version();
	}

	private ProcessRecord saga() {
		return this.store.processes().find("saga.order", "o-1").orElseThrow();
	}

	private static Saga<OrderState> onePartition() {
		return order().subscriber((options) -> options.partitions(1)).build();
	}

}
