package dev.events.benchmarks.contender;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.events.EventBus;
import dev.events.EventSubscriber;
import dev.events.SubscriptionDefinition;
import dev.events.benchmarks.server.Store;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.transaction.annotation.Transactional;

/**
 * This project, as an application has it from the starter, with nothing configured but
 * the store. On Redis there is no transaction.
 */
final class Events implements Entrant {

	private static final Map<String, Object> WEBHOOKS_HERE = Map.of("events.webhook.allow-http", true,
			"events.webhook.allowed-networks", "127.0.0.1,::1");

	private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	private final Store store;

	Events(Store store) {
		this.store = store;
	}

	@Override
	public String name() {
		return "events";
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.allOf(Ability.class);
	}

	@Override
	public Contender start(Setup setup) {
		Map<String, Object> properties = new HashMap<>(WEBHOOKS_HERE);
		properties.put("events.store", (this.store == Store.POSTGRES) ? "jdbc" : "redis");
		return new Node(BootContext.start(setup, "dev.events.", properties, (context) -> addSubscribers(context, setup),
				Application.class));
	}

	private static void addSubscribers(GenericApplicationContext context, Setup setup) {
		if (!setup.publishesOnly()) {
			for (int i = 0; i < setup.subscribers(); i++) {
				context.registerBean("subscriber" + i, Handler.class, () -> new Handler(setup.sink()));
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Publishing publishing(EventBus events) {
			return new Publishing(events);
		}

	}

	static class Publishing {

		private final EventBus events;

		Publishing(EventBus events) {
			this.events = events;
		}

		@Transactional
		public void publish(Order order) {
			this.events.publish(order);
		}

		@Transactional
		public void publishAll(List<Order> orders) {
			this.events.publishAll(orders);
		}

	}

	static class Handler {

		private final Sink sink;

		Handler(Sink sink) {
			this.sink = sink;
		}

		@EventSubscriber
		void handle(Order order) {
			this.sink.accept(order);
		}

	}

	private static final class Node implements Contender {

		private final ConfigurableApplicationContext context;

		private final Publishing publishing;

		private final EventBus events;

		Node(ConfigurableApplicationContext context) {
			this.context = context;
			this.publishing = context.getBean(Publishing.class);
			this.events = context.getBean(EventBus.class);
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
		public CompletableFuture<?> publishAsync(Order order) {
			return this.events.publishAsync(order);
		}

		@Override
		public void replay() {
			this.events.replay().subscriber("subscriber0.handle").start();
		}

		@Override
		public void webhook(String url, boolean active) {
			if (active) {
				this.events.subscriptions().resume("webhook");
				return;
			}
			this.events.subscriptions()
				.create(SubscriptionDefinition.of("webhook", "**")
					.withId("webhook")
					.withActive(false)
					.withConfig(Map.of("url", url, "secret", SECRET)));
		}

		@Override
		public void close() {
			this.context.close();
		}

	}

}
