package dev.events.test;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order was paid.
 *
 * @param order number of the order
 */
@EventType("order.paid")
record OrderPaid(@EventKey String order) {

}
