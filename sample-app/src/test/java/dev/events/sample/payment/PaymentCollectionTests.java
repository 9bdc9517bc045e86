package dev.events.sample.payment;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.events.sample.order.OrderPaid;
import dev.events.sample.order.OrderPlaced;
import dev.events.spring.test.EventsTest;
import dev.events.test.StoreCall;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static dev.events.test.EventAssertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests of one subscriber alone: no database, no server, no waiting.
 */
@EventsTest(PaymentCollection.class)
@Import(PaymentProvider.class)
class PaymentCollectionTests {

	private static final UUID ORDER = UUID.randomUUID();

	private static final BigDecimal AMOUNT = new BigDecimal("12.50");

	@Autowired
	private TestEventBus bus;

	@MockitoBean
	private Payments payments;

	@Test
	void anOrderIsPaidAtOnce() {
		this.bus.given().when(order("lamp")).thenPublished(new OrderPaid(ORDER, AMOUNT));

		verify(this.payments).insert(new Payment(ORDER, AMOUNT, 1));
	}

	@Test
	void aFlakyProviderIsAskedAgainLaterEachTime() {
		// 300 ms after the first attempt, 600 ms after the second
		this.bus.given().when(order("flaky lamp")).thenPublishedNothing();
		this.bus.given().whenTimePasses(Duration.ofMillis(899)).thenPublishedNothing();
		this.bus.given().whenTimePasses(Duration.ofMillis(1)).thenPublished(new OrderPaid(ORDER, AMOUNT));

		verify(this.payments).insert(new Payment(ORDER, AMOUNT, 3));
		assertThat(this.bus).delivered(OrderPlaced.class).to("payment").once().failed(2);
	}

	@Test
	void whatIsNeverPaidIsADeadLetter() {
		this.bus.given(order("broken lamp"))
			.whenTimePasses(Duration.ofMinutes(1))
			.thenDeadLetter("payment")
			.of(OrderPlaced.class)
			.because(PaymentFailedException.class)
			.because("No answer from the payment provider")
			.afterAttempts(4);
	}

	@Test
	void aPaymentIsNotTakenTwice() {
		given(this.payments.exists(ORDER)).willReturn(true);

		this.bus.given().when(order("lamp")).thenPublished(new OrderPaid(ORDER, AMOUNT));

		verify(this.payments, never()).insert(new Payment(ORDER, AMOUNT, 1));
	}

	@Test
	void theAnswerIsPublishedOnceThoughTheStoreDoesNotSayThatItHasIt() {
		this.bus.given().when((bus) -> {
			bus.publish(order("lamp"));
			bus.loseNextAnswer(StoreCall.APPEND, 1);
		}).thenPublished(OrderPlaced.class, OrderPaid.class);

		this.bus.given().whenTimePasses(Duration.ofMinutes(1)).thenPublishedNothing();
		assertThat(this.bus).delivered(OrderPlaced.class).to("payment").exactly(2);
	}

	private static OrderPlaced order(String item) {
		return new OrderPlaced(ORDER, UUID.randomUUID(), AMOUNT, List.of(item));
	}

}
