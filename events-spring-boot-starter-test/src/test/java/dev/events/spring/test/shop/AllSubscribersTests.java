package dev.events.spring.test.shop;

import java.time.Clock;
import java.time.Duration;

import javax.sql.DataSource;

import dev.events.EventBus;
import dev.events.spring.test.EventsTest;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static dev.events.test.EventAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.verify;

/**
 * Tests of {@link EventsTest} with all subscribers of an application.
 */
@EventsTest
class AllSubscribersTests {

	@Autowired
	private TestEventBus bus;

	@Autowired
	private ApplicationContext context;

	@MockitoBean
	private Bank bank;

	@Test
	void hasSubscribersAndWhatBelongsToTheBusAndNothingElse() {
		assertThat(this.context.getBeansOfType(Billing.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(SalesReport.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(Ledger.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(Origin.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(Orders.class)).isEmpty();
		assertThat(this.context.getBeansOfType(DataSource.class)).isEmpty();
	}

	@Test
	void whoeverWantsABusGetsThisOne() {
		assertThat(this.context.getBean(EventBus.class)).isSameAs(this.bus);
	}

	@Test
	void nothingHappensBeforeTheTestSaysSo(@Autowired SalesReport report) {
		report.paid.clear();
		this.bus.publish(new OrderPlaced("1", 10));
		assertThat(this.bus.handled()).isEmpty();

		this.bus.processAll();

		verify(this.bank).charge("1", 10);
		assertThat(report.paid).containsExactly("1");
		assertThat(this.bus).published("order.**").inOrder(OrderPlaced.class, OrderPaid.class, OrderBooked.class);
		assertThat(this.bus.published()).allSatisfy((event) -> assertThat(event.metadata()).containsKey("origin"));
	}

	@RepeatedTest(2)
	void eachTestBeginsWithAnEmptyBus() {
		assertThat(this.bus).hasNotPublished("**").hasNoDeadLetters();
		willThrow(new IllegalStateException("No")).given(this.bank).charge("1", 10);

		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.advance(Duration.ofDays(1));

		assertThat(this.bus).hasDeadLetter("billing").because("No").afterAttempts(3);
	}

	@Test
	void theClockOfTheApplicationMovesWithTheBus(@Autowired Clock clock) {
		var before = clock.instant();

		this.bus.advance(Duration.ofDays(3));

		assertThat(clock.instant()).isEqualTo(before.plus(Duration.ofDays(3)));
	}

	@Test
	void aTransactionalSubscriberNeedsNoDatabase() {
		this.bus.publish(new OrderPaid("broken"));
		this.bus.advance(Duration.ofDays(1));

		assertThat(this.bus).delivered(OrderPaid.class).to("ledger").never().failed(3);
		assertThat(this.bus).hasNotPublished(OrderBooked.class);
		verify(this.bank, org.mockito.Mockito.never()).charge(org.mockito.ArgumentMatchers.anyString(), anyInt());
	}

}
