package dev.events.sample.order;

import dev.events.EventSubscriber;

import org.springframework.stereotype.Component;

/**
 * Keeps the status of orders up to date. That an event may come twice does no harm here:
 * what is paid stays paid.
 */
@Component
class OrderStatus {

	private final Orders orders;

	OrderStatus(Orders orders) {
		this.orders = orders;
	}

	@EventSubscriber(id = "order-status")
	void paid(OrderPaid event) {
		this.orders.markPaid(event.orderId());
	}

}
