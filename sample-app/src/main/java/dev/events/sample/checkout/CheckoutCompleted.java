package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A checkout has come to its end.
 *
 * @param checkoutId id of the checkout
 */
@EventType("checkout.completed")
record CheckoutCompleted(@EventKey UUID checkoutId) {

}
