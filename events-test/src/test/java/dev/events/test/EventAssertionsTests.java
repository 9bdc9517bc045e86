package dev.events.test;

import java.time.Duration;

import dev.events.NonRetryableEventException;
import dev.events.Subscriber;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static dev.events.test.EventAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of assertions: that they hold, that they can fail, and what they say then.
 */
@Execution(ExecutionMode.CONCURRENT)
class EventAssertionsTests {

	private final TestEventBus bus = TestEventBus.create();

	@BeforeEach
	void someEvents() {
		this.bus.subscribe(Subscriber.to("order.*").id("audit").handler((event) -> {
		}));
		this.bus.subscribe(Subscriber.to(OrderPaid.class).id("billing").handler((event) -> {
			throw new NonRetryableEventException("No such account");
		}));
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.publish(new OrderPaid("1"));
		this.bus.publishIn(Duration.ofDays(1), new OrderPaid("2"));
		this.bus.processAll();
	}

	@AfterEach
	void close() {
		this.bus.close();
	}

	private static void fails(ThrowingCallable assertion, String... messages) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(assertion)
			.satisfies((error) -> org.assertj.core.api.Assertions.assertThat(error.getMessage()).contains(messages));
	}

	@Test
	void published() {
		assertThat(this.bus).hasPublished(OrderPlaced.class).hasPublished("order.*").hasNotPublished("user.**");
		assertThat(this.bus).published(OrderPlaced.class).matching((placed) -> placed.amount() == 10).once();

		fails(() -> assertThat(this.bus).hasPublished("user.*"), "an event user.* to be published",
				"order.placed (key 1)", "order.paid");
		fails(() -> assertThat(this.bus).hasNotPublished(OrderPaid.class), "order.paid to be published 0 times",
				"was 1");
		fails(() -> assertThat(this.bus).published("order.*").exactly(3), "3 times, but it was 2 times", "amount=10");
		fails(() -> assertThat(this.bus).published(OrderPlaced.class).matching((placed) -> placed.amount() > 10),
				"an event order.placed that matches", "amount=10");
	}

	@Test
	void order() {
		assertThat(this.bus).published("order.*").inOrder("order.placed", OrderPaid.class);
		assertThat(this.bus).published("order.*").inOrder(new OrderPlaced("1", 10), new OrderPaid("1"));
		assertThat(this.bus).delivered("order.*").to("audit").inOrder(new OrderPlaced("1", 10), "order.paid");

		fails(() -> assertThat(this.bus).published("order.*").inOrder("order.paid", "order.placed"),
				"in this order:\n  - order.paid\n  - order.placed\nbut it was\n  - order.placed");
		fails(() -> assertThat(this.bus).published("order.*").inOrder("order.placed"), "but it was");
		fails(() -> assertThat(this.bus).published("order.*").inOrder(new OrderPlaced("1", 11), "order.paid"),
				"amount=11", "amount=10");
		fails(() -> assertThat(this.bus).delivered("order.*").to("audit").inOrder(OrderPaid.class, OrderPlaced.class),
				"delivered to 'audit' in this order");
	}

	@Test
	void delivered() {
		assertThat(this.bus).delivered(OrderPaid.class).to("audit").once().failed(0);
		assertThat(this.bus).delivered(OrderPaid.class).to("billing").never().failed(1);
		assertThat(this.bus).delivered(OrderPlaced.class).notTo("billing");

		fails(() -> assertThat(this.bus).delivered(OrderPaid.class).to("audit").exactly(2),
				"order.paid to be delivered to 'audit' 2 times, but it was 1 times",
				"billing: order.paid (key 1) OrderPaid[order=1], attempt 1 failed", "No such account");
		fails(() -> assertThat(this.bus).delivered(OrderPaid.class).to("audit").never(), "0 times, but it was 1");
		fails(() -> assertThat(this.bus).delivered(OrderPaid.class).to("billing").failed(2), "but 1 did");
		fails(() -> assertThat(this.bus).delivered(OrderPaid.class).notTo("billing"), "not to come to 'billing'");
	}

	@Test
	void deadLetters() {
		assertThat(this.bus).hasDeadLetter("billing")
			.of(OrderPaid.class)
			.because(NonRetryableEventException.class)
			.because("account")
			.afterAttempts(1)
			.and()
			.hasPublished(OrderPaid.class);

		fails(() -> assertThat(this.bus).hasDeadLetter("audit"), "a dead letter of 'audit'", "billing: order.paid",
				"after 1 attempts, because of dev.events.NonRetryableEventException: No such account");
		fails(() -> assertThat(this.bus).hasNoDeadLetters(), "no dead letters", "billing: order.paid");
		fails(() -> assertThat(this.bus).hasDeadLetter("billing").because(IllegalStateException.class),
				"because of java.lang.IllegalStateException", "NonRetryable");
		fails(() -> assertThat(this.bus).hasDeadLetter("billing").because("full"), "because of 'full'");
		fails(() -> assertThat(this.bus).hasDeadLetter("billing").of(OrderPlaced.class), "of order.placed");
		fails(() -> assertThat(this.bus).hasDeadLetter("billing").afterAttempts(5), "after 5 attempts");
	}

	@Test
	void scheduled() {
		assertThat(this.bus).hasScheduled(OrderPaid.class);

		fails(() -> assertThat(this.bus).hasScheduled(OrderPlaced.class), "order.placed to be scheduled",
				"order.paid (key 2)");
	}

}
