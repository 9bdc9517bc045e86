package dev.events.spring.test.shop;

import dev.events.EventBus;
import dev.events.EventSubscriber;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A transactional subscriber: writes, and publishes by hand.
 */
@Component
class Ledger {

	private final ObjectProvider<JdbcClient> jdbc;

	private final EventBus events;

	Ledger(ObjectProvider<JdbcClient> jdbc, EventBus events) {
		this.jdbc = jdbc;
		this.events = events;
	}

	@EventSubscriber(id = "ledger", transactional = true, maxAttempts = 3)
	void book(OrderPaid order) {
		this.events.publish(new OrderBooked(order.order()));
		this.jdbc
			.ifAvailable((jdbc) -> jdbc.sql("insert into booked (number) values (?)").param(order.order()).update());
		if (order.order().startsWith("broken")) {
			throw new IllegalStateException("The ledger is full");
		}
	}

}
