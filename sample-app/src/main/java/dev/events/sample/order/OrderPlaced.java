package dev.events.sample.order;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order was placed.
 *
 * @param orderId id of the order
 * @param userId who placed it
 * @param amount what it costs in all
 * @param items what was ordered
 */
@EventType("order.placed")
public record OrderPlaced(@EventKey UUID orderId, UUID userId, BigDecimal amount, List<String> items) {

}
