package dev.events.sample.checkout;

import java.math.BigDecimal;
import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A checkout is to be paid.
 *
 * @param checkoutId id of the checkout
 * @param amount how much
 */
@EventType("payment.requested")
record PaymentRequested(@EventKey UUID checkoutId, BigDecimal amount) {

}
