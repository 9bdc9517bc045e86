package dev.events.spring.test.shop;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order was placed.
 *
 * @param order its number
 * @param amount what it costs
 */
@EventType("order.placed")
record OrderPlaced(@EventKey String order, int amount) {

}
