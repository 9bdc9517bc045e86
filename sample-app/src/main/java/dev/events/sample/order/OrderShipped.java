package dev.events.sample.order;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order is on its way. The warehouse publishes this.
 *
 * @param orderId id of the order
 */
@EventType("order.shipped")
public record OrderShipped(@EventKey UUID orderId) {

}
