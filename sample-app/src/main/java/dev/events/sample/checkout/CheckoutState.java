package dev.events.sample.checkout;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What the saga keeps of a checkout.
 *
 * @param id id of the checkout
 * @param items what is bought
 * @param receipt proof of the payment, as soon as there is one
 */
record CheckoutState(UUID id, List<String> items, @Nullable String receipt) {

	CheckoutState paid(String receipt) {
		return new CheckoutState(this.id, this.items, receipt);
	}

}
