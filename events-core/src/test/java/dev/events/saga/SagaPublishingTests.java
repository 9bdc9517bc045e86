package dev.events.saga;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.Saga;
import dev.events.SagaInfo;
import dev.events.SagaInfo.Status;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.saga.OrderEvents.InventoryReserved;
import dev.events.saga.OrderEvents.OrderCompleted;
import dev.events.saga.OrderEvents.OrderState;
import dev.events.saga.OrderEvents.PaymentCompleted;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a saga publishes: to whom it belongs, and to whom it is shown.
 */
class SagaPublishingTests extends SagaFixture {

	@Test
	void belongsToTheOrganizationOfTheEvent() {
		DurableEventBus bus = started(order().build());
		bus.publish(event(placed("o-1"), "o-1").withOrganization("acme"));
		await().until(() -> types(bus).contains("payment.requested"));
		assertThat(only(bus, "payment.requested").organization()).isEqualTo("acme");
		bus.publish(event(new PaymentCompleted("p-1"), "o-1").withOrganization("acme-payments"));
		await().until(() -> types(bus).contains("inventory.requested"));
		assertThat(only(bus, "inventory.requested").organization()).isEqualTo("acme-payments");
		bus.publish(event(new InventoryReserved("shelf"), "o-1"));
		await().until(() -> types(bus).contains("order.completed"));
		assertThat(only(bus, "order.completed").organization()).as("that of the saga").isEqualTo("acme");
	}

	@Test
	void belongsToTheOrganizationOfTheSagaWhenItTimesOut() {
		DurableEventBus bus = started(order().timeout(Duration.ofMillis(100)).build());
		bus.publish(event(placed("o-1"), "o-1").withOrganization("acme"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		assertThat(only(bus, "order.cancelled").organization()).isEqualTo("acme");
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(bus).contains("payment.refund"));
		assertThat(only(bus, "payment.refund").organization()).isEqualTo("acme");
	}

	@Test
	void organizationThatAStepSetsStays() {
		DurableEventBus bus = started(
				Saga.named("order", OrderState.class).startsOn("order.received", (event, saga) -> {
					saga.publish(Event.of("order.told", Map.of()).withOrganization("auditors"));
					return new OrderState("o-1", BigDecimal.ONE, List.of());
				}).build());
		bus.publish(Event.of("order.received", Map.of()).withOrganization("acme"));
		await().until(() -> types(bus).contains("order.told"));
		assertThat(only(bus, "order.told").organization()).isEqualTo("auditors");
	}

	@Test
	void stepThatIsTooLateIsNotShownToSynchronousSubscribers() {
		List<String> shown = new CopyOnWriteArrayList<>();
		AtomicInteger made = new AtomicInteger();
		DurableEventBus bus = started(order().on("order.checked", (state, event, saga) -> {
			saga.publish(new OrderCompleted(state.order()));
			if (made.incrementAndGet() == 1) {
				fasterNode();
			}
			return state;
		}).build());
		bus.subscribe(Subscriber.to("**").id("guard").synchronous().handler((event) -> shown.add(event.type())));
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(Event.of("order.checked", Map.of()).withCorrelationId("o-1"));
		await().until(() -> types(bus).contains("order.completed"));
		assertThat(made).hasValue(2);
		assertThat(shown).containsOnlyOnce("order.completed", "payment.requested");
	}

	@Test
	void whatASynchronousSubscriberIsTooSlowForIsShownAgain() {
		AtomicInteger shown = new AtomicInteger();
		DurableEventBus bus = started(order().build());
		bus.subscribe(Subscriber.to("inventory.requested").id("guard").synchronous().handler((event) -> {
			if (shown.incrementAndGet() == 1) {
				fasterNode();
			}
		}));
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(bus).contains("inventory.requested"));
		assertThat(shown).hasValue(2);
		assertThat(types(bus)).containsOnlyOnce("inventory.requested");
	}

	@Test
	void stepsOfASagaOnOneNodeAreMadeOneAfterTheOther() {
		int events = 60;
		AtomicInteger shown = new AtomicInteger();
		CountDownLatch meeting = new CountDownLatch(2);
		DurableEventBus bus = started(counting(meeting));
		bus.subscribe(Subscriber.to("count.is").id("guard").synchronous().handler((event) -> shown.incrementAndGet()));
		bus.publish(Event.of("count.started", Map.of()).withCorrelationId("c"));
		await().until(() -> bus.sagas().find("count", "c").isPresent());
		bus.publishAll(IntStream.range(0, events)
			.mapToObj((i) -> Event.of("count.more", Map.of("i", i)).withCorrelationId("c").withKey("k" + i))
			.toList());
		await().untilAsserted(() -> assertThat(bus.sagas().find("count", "c")).get()
			.extracting(SagaInfo::state)
			.isEqualTo("{\"count\":" + events + "}"));
		assertThat(shown).hasValue(events);
		assertThat(stats(bus).conflicts()).isZero();
	}

	@SuppressWarnings("unchecked")
	private static Saga<Map<?, ?>> counting(CountDownLatch meeting) {
		return Saga.named("count", (Class<Map<?, ?>>) (Class<?>) Map.class)
			.startsOn("count.started", (event, saga) -> Map.of("count", 0))
			.on("count.more", (state, event, saga) -> {
				meeting.countDown();
				meeting.await(200, TimeUnit.MILLISECONDS);
				Map<String, Integer> next = Map.of("count", (Integer) state.get("count") + 1);
				saga.publish(Event.of("count.is", next));
				return next;
			})
			.subscriber((options) -> options.partitions(8))
			.build();
	}

	private void fasterNode() {
		ProcessRecord known = this.store.processes().find("saga.order", "o-1").orElseThrow();
		this.store.processes()
			.commit(new ProcessChange("saga.order", "o-1", known.version(), known.state(), List.of()));
	}

}
