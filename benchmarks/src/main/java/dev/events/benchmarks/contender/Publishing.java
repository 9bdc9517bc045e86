package dev.events.benchmarks.contender;

import java.util.List;
import java.util.function.Consumer;

import org.springframework.transaction.annotation.Transactional;

/**
 * The methods of an application that publish.
 */
class Publishing {

	private final Consumer<List<Order>> publisher;

	Publishing(Consumer<List<Order>> publisher) {
		this.publisher = publisher;
	}

	@Transactional
	public void publish(Order order) {
		this.publisher.accept(List.of(order));
	}

	@Transactional
	public void publishAll(List<Order> orders) {
		this.publisher.accept(orders);
	}

}
