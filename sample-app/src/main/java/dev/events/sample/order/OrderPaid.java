package dev.events.sample.order;

import java.math.BigDecimal;
import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order was paid. Whoever takes payments publishes this.
 *
 * @param orderId id of the order
 * @param amount what was paid
 */
@EventType("order.paid")
public record OrderPaid(@EventKey UUID orderId, BigDecimal amount) {

}
