package dev.events.spring.test.shop;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order is not paid yet.
 *
 * @param order its number
 */
@EventType("order.overdue")
record OrderOverdue(@EventKey String order) {

}
