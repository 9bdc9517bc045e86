package dev.events.spring.test.shop;

import java.time.Duration;

import dev.events.spring.test.EventsTest;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import static dev.events.test.EventAssertions.assertThat;

/**
 * Tests that run in parallel on one application context do not meet.
 */
@EventsTest(Billing.class)
@Import(Bank.class)
@Execution(ExecutionMode.CONCURRENT)
class ParallelTests {

	@Autowired
	private TestEventBus bus;

	@RepeatedTest(5)
	void somePay() {
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.publish(new OrderPlaced("2", 10));

		this.bus.processAll();

		assertThat(this.bus).published(OrderPaid.class).exactly(2);
		assertThat(this.bus).hasNoDeadLetters();
	}

	@RepeatedTest(5)
	void othersDoNot() {
		this.bus.publish(new OrderPlaced("1", 2000));

		this.bus.advance(Duration.ofHours(1));

		assertThat(this.bus).hasDeadLetter("billing").of(OrderPlaced.class);
		assertThat(this.bus).hasNotPublished(OrderPaid.class);
	}

}
