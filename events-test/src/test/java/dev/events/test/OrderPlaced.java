package dev.events.test;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order was placed.
 *
 * @param order number of the order
 * @param amount what it costs
 */
@EventType("order.placed")
record OrderPlaced(@EventKey String order, int amount) {

}
