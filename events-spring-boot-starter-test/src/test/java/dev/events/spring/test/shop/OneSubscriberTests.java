package dev.events.spring.test.shop;

import java.time.Duration;

import dev.events.spring.test.EventsTest;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;

import static dev.events.test.EventAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link EventsTest} with one of several subscribers, and properties.
 */
@EventsTest(subscribers = Billing.class, properties = "events.retry.initial-delay=1m")
@Import(Bank.class)
class OneSubscriberTests {

	@Autowired
	private TestEventBus bus;

	@Test
	void hasThatOneAlone(@Autowired ApplicationContext context) {
		assertThat(context.getBeansOfType(Billing.class)).hasSize(1);
		assertThat(context.getBeansOfType(SalesReport.class)).isEmpty();
		assertThat(context.getBeansOfType(Ledger.class)).isEmpty();
	}

	@Test
	void retriesComeExactlyWhenTheyAreDue() {
		this.bus.publish(new OrderPlaced("1", 2000));

		this.bus.processAll();
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").never().failed(1);
		this.bus.advance(Duration.ofSeconds(59));
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").never().failed(1);
		this.bus.advance(Duration.ofSeconds(1));
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").never().failed(2);
		this.bus.advance(Duration.ofMinutes(2));

		assertThat(this.bus).hasDeadLetter("billing").because("The bank refuses 2000 for 1").afterAttempts(3);
	}

}
