package dev.events.spring.test.shop;

import org.springframework.stereotype.Component;

/**
 * Somebody far away.
 */
@Component
class Bank {

	void charge(String order, int amount) {
		if (amount > 1000) {
			throw new IllegalStateException("The bank refuses " + amount + " for " + order);
		}
	}

}
