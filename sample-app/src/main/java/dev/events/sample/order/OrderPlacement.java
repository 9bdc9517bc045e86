package dev.events.sample.order;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

import dev.events.EventBus;
import dev.events.sample.user.NoSuchUserException;
import dev.events.sample.user.User;
import dev.events.sample.user.Users;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Places orders: rows, event and reminder in one transaction.
 */
@Service
class OrderPlacement {

	private final Orders orders;

	private final Users users;

	private final EventBus events;

	private final OrderProperties properties;

	OrderPlacement(Orders orders, Users users, EventBus events, OrderProperties properties) {
		this.orders = orders;
		this.users = users;
		this.events = events;
		this.properties = properties;
	}

	/**
	 * Places an order.
	 * @throws NoSuchUserException when there is no such user
	 */
	@Transactional
	Order place(UUID userId, BigDecimal amount, List<String> items) {
		User user = this.users.find(userId).orElseThrow(() -> new NoSuchUserException(userId));
		Order order = new Order(UUID.randomUUID(), user.id(), amount.setScale(2), items, Order.Status.PLACED);
		this.orders.insert(order);
		this.events.publish(new OrderPlaced(order.id(), order.userId(), order.amount(), order.items()));
		this.events.publishIn(this.properties.reminderAfter(), OrderUnpaid.of(order));
		return order;
	}

}
