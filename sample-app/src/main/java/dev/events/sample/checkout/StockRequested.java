package dev.events.sample.checkout;

import java.util.List;
import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * What is bought is to be set aside.
 *
 * @param checkoutId id of the checkout
 * @param items what is bought
 */
@EventType("stock.requested")
record StockRequested(@EventKey UUID checkoutId, List<String> items) {

}
