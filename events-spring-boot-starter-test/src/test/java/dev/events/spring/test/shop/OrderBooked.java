package dev.events.spring.test.shop;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order is in the ledger.
 *
 * @param order its number
 */
@EventType("order.booked")
record OrderBooked(@EventKey String order) {

}
