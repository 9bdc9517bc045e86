package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A checkout was taken back.
 *
 * @param checkoutId id of the checkout
 */
@EventType("checkout.cancelled")
record CheckoutCancelled(@EventKey UUID checkoutId) {

}
