package dev.events.sample.payment;

import java.util.List;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of payments.
 */
@Repository
class Payments {

	private final JdbcClient jdbc;

	Payments(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	boolean exists(UUID orderId) {
		return this.jdbc.sql("select count(*) from payments where order_id = ?")
			.param(orderId)
			.query(Integer.class)
			.single() > 0;
	}

	void insert(Payment payment) {
		this.jdbc.sql("insert into payments (order_id, amount, attempt) values (:orderId, :amount, :attempt)")
			.paramSource(payment)
			.update();
	}

	List<Payment> newest(int limit) {
		return this.jdbc.sql("""
				select order_id, amount, attempt from payments
				order by taken_at desc, order_id fetch first ? rows only
				""")
			.param(limit)
			.query((row, number) -> new Payment(row.getObject("order_id", UUID.class), row.getBigDecimal("amount"),
					row.getInt("attempt")))
			.list();
	}

}
