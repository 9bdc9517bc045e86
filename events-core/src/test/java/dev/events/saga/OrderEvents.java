package dev.events.saga;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import dev.events.EventType;

/**
 * The events and the state of an order: paid, then reserved, or taken back.
 */
final class OrderEvents {

	private OrderEvents() {
	}

	@EventType("order.placed")
	record OrderPlaced(String order, BigDecimal amount) {

	}

	@EventType("payment.requested")
	record PaymentRequested(String order, BigDecimal amount) {

	}

	@EventType("payment.completed")
	record PaymentCompleted(String payment) {

	}

	@EventType("payment.failed")
	record PaymentFailed(String reason) {

	}

	@EventType("inventory.requested")
	record InventoryRequested(String order) {

	}

	@EventType("inventory.reserved")
	record InventoryReserved(String place) {

	}

	@EventType("inventory.failed")
	record InventoryFailed(String reason) {

	}

	@EventType("payment.refund")
	record PaymentRefund(String payment, BigDecimal amount) {

	}

	@EventType("order.completed")
	record OrderCompleted(String order) {

	}

	@EventType("order.cancelled")
	record OrderCancelled(String order) {

	}

	/**
	 * The state.
	 */
	record OrderState(String order, BigDecimal amount, List<String> notes) {

		OrderState with(String note) {
			List<String> all = new ArrayList<>(this.notes);
			all.add(note);
			return new OrderState(this.order, this.amount, all);
		}

	}

}
