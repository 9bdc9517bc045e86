package dev.events.sample.payment;

import dev.events.sample.order.OrderPlaced;

import org.springframework.stereotype.Component;

/**
 * Stands in for a payment provider. It answers a "flaky" item only at the third attempt,
 * and a "broken" one never.
 */
@Component
class PaymentProvider {

	void charge(OrderPlaced order, int attempt) {
		if (contains(order, "broken") || contains(order, "flaky") && attempt < 3) {
			throw new PaymentFailedException("No answer from the payment provider, attempt " + attempt);
		}
	}

	private static boolean contains(OrderPlaced order, String word) {
		return order.items().stream().anyMatch((item) -> item.contains(word));
	}

}
