package dev.events.benchmarks.contender;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.namastack.outbox.Outbox;
import io.namastack.outbox.annotation.OutboxHandler;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Namastack Outbox on JDBC: polled as often as the hand-written minimum, in large
 * batches, by as many threads as the others have; completed records are deleted.
 */
final class Namastack implements Entrant {

	@Override
	public String name() {
		return "namastack";
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY, Ability.BOTH_AT_ONCE, Ability.SUBSCRIBERS, Ability.OTHER_NODE);
	}

	@Override
	public Contender start(Setup setup) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("namastack.outbox.polling.fixed.interval", "20ms");
		properties.put("namastack.outbox.polling.batch-size", "500");
		properties.put("namastack.outbox.processing.executor-core-pool-size", "8");
		properties.put("namastack.outbox.processing.executor-max-pool-size", "8");
		properties.put("namastack.outbox.processing.delete-completed-records", "true");
		properties.put("namastack.outbox.processing.shutdown-timeout", "1s");
		// what one node has published is handled by the other: it must be the only
		// instance
		if (setup.publishesOnly()) {
			properties.put("spring.task.scheduling.enabled", "false");
		}
		return new SpringNode(BootContext.start(setup, "io.namastack.", properties,
				(context) -> addHandlers(context, setup), Application.class));
	}

	private static void addHandlers(GenericApplicationContext context, Setup setup) {
		Sink sink = setup.sink();
		if (setup.subscribers() == 1) {
			context.registerBean(OneHandler.class, () -> new OneHandler(sink));
		}
		else {
			context.registerBean(TenHandlers.class, () -> new TenHandlers(sink));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Application {

		@Bean
		Publishing publishing(Outbox outbox) {
			return new Publishing((orders) -> orders.forEach((order) -> outbox.schedule(order, order.id())));
		}

	}

	static class OneHandler {

		private final Sink sink;

		OneHandler(Sink sink) {
			this.sink = sink;
		}

		@OutboxHandler
		public void handle(Order order) {
			this.sink.accept(order);
		}

	}

	/**
	 * Handlers are known by their methods, so beans of one class will not do.
	 */
	static class TenHandlers {

		private final Sink sink;

		TenHandlers(Sink sink) {
			this.sink = sink;
		}

		@OutboxHandler
		public void handle0(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle1(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle2(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle3(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle4(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle5(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle6(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle7(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle8(Order order) {
			this.sink.accept(order);
		}

		@OutboxHandler
		public void handle9(Order order) {
			this.sink.accept(order);
		}

	}

}
