package dev.events.spring.test.shop;

import java.time.Duration;
import java.util.UUID;

import dev.events.Event;
import dev.events.EventBus;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Publishes in a transaction.
 */
@Service
class Orders {

	private final JdbcClient jdbc;

	private final EventBus events;

	Orders(JdbcClient jdbc, EventBus events) {
		this.jdbc = jdbc;
		this.events = events;
	}

	@Transactional
	void place(String order, int amount) {
		this.jdbc.sql("insert into placed (number) values (?)").param(order).update();
		this.events.publish(new OrderPlaced(order, amount));
		this.events.publishIn(Duration.ofDays(3), Event.of(new OrderOverdue(order)).withId(overdueId(order)));
	}

	@Transactional
	void cancel(String order, boolean really) {
		this.events.scheduled().cancel(overdueId(order));
		if (!really) {
			throw new IllegalArgumentException("Not really");
		}
	}

	static UUID overdueId(String order) {
		return UUID.nameUUIDFromBytes(order.getBytes(java.nio.charset.StandardCharsets.UTF_8));
	}

}
