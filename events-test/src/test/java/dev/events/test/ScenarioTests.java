package dev.events.test;

import java.time.Duration;

import dev.events.Event;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link Scenario} on a bus that runs by itself.
 */
@Execution(ExecutionMode.CONCURRENT)
class ScenarioTests {

	private final DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).build();

	private final Scenario scenario = Scenario.on(this.bus);

	@BeforeEach
	void start() {
		this.bus.subscribe(Subscriber.to(OrderPlaced.class)
			.id("payment")
			.function((event, delivery) -> new OrderPaid(event.data().order())));
		this.bus.start();
	}

	@AfterEach
	void close() {
		this.bus.close();
	}

	@Test
	void anEventThatFollowsIsWaitedFor() {
		Event<OrderPaid> paid = this.scenario.publish(new OrderPlaced("1", 10))
			.andWaitForEvent(OrderPaid.class)
			.matching((data) -> data.order().equals("1"))
			.toArrive();

		assertThat(paid.data()).isEqualTo(new OrderPaid("1"));
	}

	@Test
	void whatCameBeforeDoesNotCount() {
		this.scenario.publish(new OrderPlaced("1", 10)).andWaitForEvent(OrderPaid.class).toArrive();

		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.scenario.patience(Duration.ofMillis(200))
				.stimulate(() -> this.bus.publish(Event.of("user.registered", "Ada")))
				.andWaitForEvent(OrderPaid.class)
				.toArrive())
			.withMessageContaining("No event order.paid that matches came within PT0.2S")
			.withMessageContaining("user.registered Ada")
			.withMessageNotContaining("order.placed");
	}

	@Test
	void deliveryIsWaitedFor() throws Exception {
		Scenario.Stimulated<String> stimulated = this.scenario
			.stimulateAndReturn(() -> this.bus.publish(new OrderPlaced("1", 10)).event().type());

		stimulated.andWaitForDelivery("payment").andWaitUntil(() -> this.bus.stats().delivered() == 1);

		assertThat(stimulated.result()).isEqualTo("order.placed");
		assertThat(this.bus.history("order.paid", 10)).hasSize(1);
	}

	@Test
	void whatDoesNotComeTrueFails() {
		Scenario.Stimulated<?> stimulated = this.scenario.patience(Duration.ofMillis(200)).stimulate(() -> {
		});

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> stimulated.andWaitUntil(() -> false))
			.withMessageContaining("did not come true within PT0.2S. Since the stimulus there was nothing");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> stimulated.andWaitForDelivery("unknown"))
			.withMessageContaining("there is no such subscription");
	}

}
