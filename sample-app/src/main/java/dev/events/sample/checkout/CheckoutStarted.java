package dev.events.sample.checkout;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * Somebody checks out.
 *
 * @param checkoutId id of the checkout
 * @param amount what it costs in all
 * @param items what is bought
 */
@EventType("checkout.started")
record CheckoutStarted(@EventKey UUID checkoutId, BigDecimal amount, List<String> items) {

}
