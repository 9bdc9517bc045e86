package dev.events.sample.shipping;

import java.math.BigDecimal;

import dev.events.EventType;

/**
 * What a carrier asks for shipping.
 *
 * @param carrier who
 * @param price how much
 */
@EventType("shipping.offered")
record ShippingOffered(String carrier, BigDecimal price) {

}
