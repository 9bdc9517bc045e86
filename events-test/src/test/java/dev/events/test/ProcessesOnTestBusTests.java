package dev.events.test;

import java.time.Duration;
import java.util.Map;

import dev.events.Aggregation;
import dev.events.Event;
import dev.events.Saga;
import dev.events.SagaInfo.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sagas and aggregations, tested as an application would.
 */
class ProcessesOnTestBusTests {

	private final TestEventBus bus = TestEventBus.create();

	@AfterEach
	void close() {
		this.bus.close();
	}

	private static Saga<Order> order() {
		return Saga.named("order", Order.class).correlateBy(Event::key).startsOn(OrderPlaced.class, (event, saga) -> {
			saga.publish(Event.of("payment.requested", Map.of("order", event.data().order())));
			return new Order(event.data().order(), false);
		}).on(OrderPaid.class, (state, event, saga) -> new Order(state.id(), true)).compensateWith((state, saga) -> {
			saga.publish(Event.of("payment.refunded", Map.of("order", state.id())));
			return state;
		}).on("stock.missing", (state, event, saga) -> {
			saga.compensate("out of stock");
			return state;
		}).endsOn("stock.reserved", (state, event, saga) -> state).timeout(Duration.ofMinutes(15)).build();
	}

	@Test
	void whatIsPaidAndMissingIsRefunded() {
		this.bus.sagas().register(order());
		this.bus.given(new OrderPlaced("1", 10), paid())
			.when(Event.of("stock.missing", Map.of()).withKey("1"))
			.thenPublished("payment.refunded");
		assertThat(this.bus.sagas().find("order", "1").orElseThrow().status()).isEqualTo(Status.COMPENSATED);
	}

	@Test
	void whoDoesNotPayInTimeIsGivenUp() {
		this.bus.sagas().register(order());
		this.bus.given(new OrderPlaced("1", 10)).whenTimePasses(Duration.ofMinutes(14)).thenPublishedNothing();
		assertThat(this.bus.sagas().find("order", "1").orElseThrow().status()).isEqualTo(Status.RUNNING);
		this.bus.given().whenTimePasses(Duration.ofMinutes(1)).thenPublishedNothing();
		assertThat(this.bus.sagas().find("order", "1").orElseThrow().status()).isEqualTo(Status.COMPENSATED);
		// a payment that comes too late is given back
		this.bus.given().when(paid()).thenPublished("payment.refunded");
	}

	@Test
	void aWindowEndsWhenItsTimeIsOver() {
		this.bus.aggregations()
			.register(Aggregation.named("sales")
				.on(OrderPlaced.class)
				.by((event) -> "all")
				.tumbling(Duration.ofHours(1))
				.into(Total.class, () -> new Total(0), (total, event) -> new Total(total.sum() + event.data().amount()))
				.publishAs("sales.counted", (total, window) -> total));
		this.bus.given(new OrderPlaced("1", 10), new OrderPlaced("2", 20))
			.whenTimePasses(Duration.ofMinutes(59))
			.thenPublishedNothing();
		this.bus.given().whenTimePasses(Duration.ofMinutes(1)).thenPublished("sales.counted");
		assertThat(this.bus.history("sales.counted", 10)).singleElement()
			.satisfies((event) -> assertThat(event.data()).isEqualTo(Map.of("sum", 30)));
	}

	private static Event<OrderPaid> paid() {
		return Event.of(new OrderPaid("1")).withKey("1");
	}

	record Order(String id, boolean paid) {

	}

	record Total(int sum) {

	}

}
