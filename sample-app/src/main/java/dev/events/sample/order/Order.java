package dev.events.sample.order;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

/**
 * An order.
 *
 * @param id unique id
 * @param userId who placed it
 * @param amount what it costs in all
 * @param items what was ordered
 * @param status how far it is
 */
public record Order(UUID id, UUID userId, BigDecimal amount, List<String> items, Status status) {

	/**
	 * How far an order is.
	 */
	public enum Status {

		/** Placed, not paid. */
		PLACED,

		/** Paid. */
		PAID,

		/** On its way. */
		SHIPPED

	}

}
