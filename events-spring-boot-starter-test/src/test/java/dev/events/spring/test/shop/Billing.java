package dev.events.spring.test.shop;

import dev.events.EventSubscriber;

import org.springframework.stereotype.Component;

/**
 * A subscriber that needs somebody.
 */
@Component
class Billing {

	private final Bank bank;

	Billing(Bank bank) {
		this.bank = bank;
	}

	@EventSubscriber(id = "billing", maxAttempts = 3)
	OrderPaid charge(OrderPlaced order) {
		this.bank.charge(order.order(), order.amount());
		return new OrderPaid(order.order());
	}

}
