package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A checkout was paid.
 *
 * @param checkoutId id of the checkout
 * @param receipt proof of the payment
 */
@EventType("payment.completed")
record PaymentCompleted(@EventKey UUID checkoutId, String receipt) {

}
