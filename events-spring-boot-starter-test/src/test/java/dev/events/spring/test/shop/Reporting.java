package dev.events.spring.test.shop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.EventSubscriber;

/**
 * Whoever wants to know what was paid.
 */
abstract class Reporting {

	final List<String> paid = new CopyOnWriteArrayList<>();

	@EventSubscriber(id = "reporting")
	void paid(OrderPaid order) {
		this.paid.add(order.order());
	}

}
