package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * Something that is bought is not there.
 *
 * @param checkoutId id of the checkout
 * @param item what is missing
 */
@EventType("stock.missing")
record StockMissing(@EventKey UUID checkoutId, String item) {

}
