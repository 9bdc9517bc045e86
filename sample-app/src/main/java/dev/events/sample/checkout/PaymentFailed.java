package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A checkout was not paid.
 *
 * @param checkoutId id of the checkout
 * @param reason why not
 */
@EventType("payment.failed")
record PaymentFailed(@EventKey UUID checkoutId, String reason) {

}
