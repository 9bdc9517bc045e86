package dev.events.sample.payment;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventSubscriber;
import dev.events.sample.order.OrderPaid;
import dev.events.sample.order.OrderPlaced;

import org.springframework.stereotype.Component;

/**
 * Takes the payment for each order. When the provider fails, the exception says so, and
 * the event comes again: later each time, in the end to the dead letter queue.
 */
@Component
class PaymentCollection {

	private final PaymentProvider provider;

	private final Payments payments;

	PaymentCollection(PaymentProvider provider, Payments payments) {
		this.provider = provider;
		this.payments = payments;
	}

	/**
	 * Takes the payment.
	 * @return published next, with the correlation id of the order
	 */
	@EventSubscriber(id = "payment", maxAttempts = 4, replay = false)
	Event<OrderPaid> collect(Event<OrderPlaced> event, Delivery delivery) {
		OrderPlaced order = event.data();
		// at-least-once: the event may come again although the payment was taken
		if (!this.payments.exists(order.orderId())) {
			this.provider.charge(order, delivery.attempt());
			this.payments.insert(new Payment(order.orderId(), order.amount(), delivery.attempt()));
		}
		return Event.of(new OrderPaid(order.orderId(), order.amount())).withId(answerId(event));
	}

	/**
	 * The same for the same event: one id is stored once, however often it is published.
	 */
	private static UUID answerId(Event<?> event) {
		return UUID.nameUUIDFromBytes(("order.paid " + event.id()).getBytes(StandardCharsets.UTF_8));
	}

}
