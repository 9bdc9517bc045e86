package dev.events.sample.shipping;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * Somebody wants to know what shipping costs.
 *
 * @param item what is to be shipped
 */
@EventType("shipping.wanted")
record ShippingWanted(@EventKey String item) {

}
