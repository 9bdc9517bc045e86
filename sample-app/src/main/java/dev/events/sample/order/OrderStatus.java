package dev.events.sample.order;

import dev.events.EventBus;
import dev.events.EventSubscriber;

import org.springframework.stereotype.Component;

/**
 * Keeps the status of orders up to date. That an event may come twice does no harm here:
 * what is paid stays paid.
 */
@Component
class OrderStatus {

	private final Orders orders;

	private final EventBus events;

	OrderStatus(Orders orders, EventBus events) {
		this.orders = orders;
		this.events = events;
	}

	/** The order is paid and its reminder cancelled, or neither. */
	@EventSubscriber(id = "order-status", transactional = true)
	void paid(OrderPaid event) {
		this.orders.markPaid(event.orderId());
		this.events.scheduled().cancel(OrderUnpaid.eventId(event.orderId()));
	}

	/** Comes from the warehouse, another application. */
	@EventSubscriber(id = "order-shipped")
	void shipped(OrderShipped event) {
		this.orders.markShipped(event.orderId());
	}

}
