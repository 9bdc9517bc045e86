package dev.events.sample.warehouse;

import java.util.Map;

import dev.events.EventBus;
import dev.events.SubscriptionDefinition;
import dev.events.Subscriptions;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Has paid orders sent to the topic that the warehouse reads, by a subscription that is
 * data: made by the first node that starts, served by all. What comes back is read as
 * {@code application-kafka.yml} says.
 */
@Component
@Profile("kafka")
class PaidOrdersForTheWarehouse {

	private static final SubscriptionDefinition SUBSCRIPTION = SubscriptionDefinition.of("kafka", "order.paid")
		.withId("warehouse")
		.withConfig(Map.of("topic", "orders"));

	private final EventBus events;

	PaidOrdersForTheWarehouse(EventBus events) {
		this.events = events;
	}

	@EventListener(ApplicationReadyEvent.class)
	void subscribe() {
		Subscriptions subscriptions = this.events.subscriptions();
		if (subscriptions.definition(SUBSCRIPTION.id()).isEmpty()) {
			subscriptions.create(SUBSCRIPTION);
		}
	}

}
