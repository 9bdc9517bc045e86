package dev.events.saga;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.Event;
import dev.events.RetryPolicy;
import dev.events.Saga;
import dev.events.SagaInfo;
import dev.events.SagaInfo.Status;
import dev.events.SagaStats;
import dev.events.ShiftedClock;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.delivery.DeliverySettings;
import dev.events.memory.MemoryEventStore;
import dev.events.saga.OrderEvents.InventoryFailed;
import dev.events.saga.OrderEvents.InventoryRequested;
import dev.events.saga.OrderEvents.InventoryReserved;
import dev.events.saga.OrderEvents.OrderCancelled;
import dev.events.saga.OrderEvents.OrderCompleted;
import dev.events.saga.OrderEvents.OrderPlaced;
import dev.events.saga.OrderEvents.OrderState;
import dev.events.saga.OrderEvents.PaymentCompleted;
import dev.events.saga.OrderEvents.PaymentFailed;
import dev.events.saga.OrderEvents.PaymentRefund;
import dev.events.saga.OrderEvents.PaymentRequested;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Orders as sagas on buses over one store.
 */
@Timeout(60)
abstract class SagaFixture {

	// so many attempts that what comes before the start of its saga never gives up
	static final RetryPolicy FAST = new RetryPolicy(1000, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);

	final ShiftedClock clock = new ShiftedClock();

	final MemoryEventStore store = new MemoryEventStore(this.clock);

	final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	@AfterEach
	void closeBuses() {
		this.buses.forEach(DurableEventBus::close);
	}

	EventBusBuilder builder() {
		return DurableEventBus.builder(this.store)
			.source("shop")
			.retry(FAST)
			.delivery(DeliverySettings.DEFAULT.withShutdownTimeout(Duration.ofMillis(500)));
	}

	final DurableEventBus started(Saga<?>... sagas) {
		DurableEventBus bus = builder().build();
		this.buses.add(bus);
		for (Saga<?> saga : sagas) {
			bus.sagas().register(saga);
		}
		bus.start();
		return bus;
	}

	static Saga.Builder<OrderState> order() {
		return Saga.named("order", OrderState.class).startsOn(OrderPlaced.class, (event, saga) -> {
			saga.publish(new PaymentRequested(event.data().order(), event.data().amount()));
			return new OrderState(event.data().order(), event.data().amount(), List.of());
		}).compensateWith((state, saga) -> {
			saga.publish(new OrderCancelled(state.order()));
			return state.with("cancelled");
		}).on(PaymentCompleted.class, (state, event, saga) -> {
			saga.publish(new InventoryRequested(state.order()));
			return state.with(event.data().payment());
		}).compensateWith((state, saga) -> {
			saga.publish(new PaymentRefund(state.notes().get(0), state.amount()));
			return state.with("refunded");
		}).on(PaymentFailed.class, (state, event, saga) -> {
			saga.compensate("payment failed: " + event.data().reason());
			return state;
		}).on(InventoryFailed.class, (state, event, saga) -> {
			saga.compensate("out of stock");
			return state;
		}).endsOn(InventoryReserved.class, (state, event, saga) -> {
			saga.publish(new OrderCompleted(state.order()));
			return state.with(event.data().place());
		});
	}

	static Event<?> event(Object data, String order) {
		return Event.of(data).withCorrelationId(order);
	}

	static OrderPlaced placed(String order) {
		return new OrderPlaced(order, new BigDecimal("12.50"));
	}

	static SagaInfo find(DurableEventBus bus, String key) {
		return bus.sagas().find("order", key).orElseThrow(() -> new AssertionError("There is no saga " + key));
	}

	static SagaStats stats(DurableEventBus bus) {
		return bus.sagas().stats().get(0);
	}

	static void awaitStatus(DurableEventBus bus, String key, Status status) {
		await().untilAsserted(
				() -> assertThat(bus.sagas().find("order", key)).get().extracting(SagaInfo::status).isEqualTo(status));
	}

	static List<String> types(DurableEventBus bus) {
		return bus.query().stream().map(Event::type).toList();
	}

	static Event<Object> only(DurableEventBus bus, String type) {
		List<Event<Object>> found = bus.query().type(type).list(10);
		assertThat(found).hasSize(1);
		return found.get(0);
	}

	final void awaitHandled(DurableEventBus bus) {
		await().untilAsserted(() -> assertThat(bus.stats().subscriptions()).allSatisfy((subscription) -> {
			assertThat(subscription.lag()).isZero();
			// not of the statistics, which may be of a moment ago
			assertThat(this.store.deliveries().counts()).noneMatch((counts) -> counts.waiting() > 0);
		}));
	}

}
