package dev.events.sample.order;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import dev.events.Event;
import dev.events.EventKey;
import dev.events.EventType;

/**
 * An order has not been paid for a while. Published together with the order, for later,
 * and cancelled when it is paid.
 *
 * @param orderId id of the order
 * @param userId who placed it
 * @param amount what it costs in all
 */
@EventType("order.unpaid")
public record OrderUnpaid(@EventKey UUID orderId, UUID userId, BigDecimal amount) {

	static Event<OrderUnpaid> of(Order order) {
		return Event.of(new OrderUnpaid(order.id(), order.userId(), order.amount())).withId(eventId(order.id()));
	}

	/** Found again without having been kept. */
	static UUID eventId(UUID orderId) {
		return UUID.nameUUIDFromBytes(("order.unpaid " + orderId).getBytes(StandardCharsets.UTF_8));
	}

}
