package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A payment is to be given back.
 *
 * @param checkoutId id of the checkout
 * @param receipt proof of the payment
 */
@EventType("refund.requested")
record RefundRequested(@EventKey UUID checkoutId, String receipt) {

}
