package dev.events.sample.order;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The tables of orders and their items.
 */
@Repository
class Orders {

	private final JdbcClient jdbc;

	Orders(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void insert(Order order) {
		this.jdbc.sql("insert into orders (id, user_id, amount, status) values (?, ?, ?, ?)")
			.params(order.id(), order.userId(), order.amount(), order.status().name())
			.update();
		int line = 0;
		for (String item : order.items()) {
			this.jdbc.sql("insert into order_items (order_id, line, item) values (?, ?, ?)")
				.params(order.id(), line++, item)
				.update();
		}
	}

	Optional<Order> find(UUID id) {
		return this.jdbc.sql("select id, user_id, amount, status from orders where id = ?")
			.param(id)
			.query((row, number) -> new Order(row.getObject("id", UUID.class), row.getObject("user_id", UUID.class),
					row.getBigDecimal("amount"), items(id), Order.Status.valueOf(row.getString("status"))))
			.optional();
	}

	private List<String> items(UUID orderId) {
		return this.jdbc.sql("select item from order_items where order_id = ? order by line")
			.param(orderId)
			.query((row, number) -> row.getString("item"))
			.list();
	}

	void markPaid(UUID id) {
		this.jdbc.sql("update orders set status = 'PAID' where id = ? and status = 'PLACED'").param(id).update();
	}

	void markShipped(UUID id) {
		this.jdbc.sql("update orders set status = 'SHIPPED' where id = ?").param(id).update();
	}

}
