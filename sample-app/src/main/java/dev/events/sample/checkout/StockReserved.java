package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * What is bought was set aside.
 *
 * @param checkoutId id of the checkout
 */
@EventType("stock.reserved")
record StockReserved(@EventKey UUID checkoutId) {

}
