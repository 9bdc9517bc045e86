package dev.events.spring.test.shop;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order was paid.
 *
 * @param order its number
 */
@EventType("order.paid")
record OrderPaid(@EventKey String order) {

}
