package dev.events.benchmarks.contender;

import java.util.List;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application context that publishes through its {@link Publishing}.
 */
class SpringNode implements Contender {

	private final ConfigurableApplicationContext context;

	private final Publishing publishing;

	SpringNode(ConfigurableApplicationContext context) {
		this.context = context;
		this.publishing = context.getBean(Publishing.class);
	}

	@Override
	public void publish(Order order) {
		this.publishing.publish(order);
	}

	@Override
	public void publishAll(List<Order> orders) {
		this.publishing.publishAll(orders);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
