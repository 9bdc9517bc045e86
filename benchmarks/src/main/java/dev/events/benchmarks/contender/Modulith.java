package dev.events.benchmarks.contender;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import dev.events.benchmarks.contender.Setup.Role;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.scheduling.annotation.EnableAsync;

/**
 * Spring Modulith with its JDBC event publication registry: application events, and
 * listeners that are {@code @ApplicationModuleListener}, run by Spring Boot's task
 * executor. A node that starts takes up what is outstanding if it is told so.
 */
final class Modulith implements Entrant {

	private final String completionMode;

	/**
	 * Creates an entrant.
	 * @param completionMode {@code update}, {@code delete} or {@code archive}
	 */
	Modulith(String completionMode) {
		this.completionMode = completionMode;
	}

	@Override
	public String name() {
		return "modulith-" + this.completionMode;
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY, Ability.BOTH_AT_ONCE, Ability.SUBSCRIBERS);
	}

	@Override
	public Contender start(Setup setup) {
		Map<String, Object> properties = Map.of("spring.modulith.events.jdbc.schema-initialization.enabled", "true",
				"spring.modulith.events.completion-mode", this.completionMode,
				"spring.modulith.events.republish-outstanding-events-on-restart", setup.role() == Role.SUBSCRIBER);
		return new SpringNode(BootContext.start(setup, "org.springframework.modulith.", properties,
				(context) -> addBeans(context, setup), Application.class));
	}

	private static void addBeans(GenericApplicationContext context, Setup setup) {
		Sink sink = setup.sink();
		if (setup.subscribers() == 1) {
			context.registerBean(OneListener.class, () -> new OneListener(sink));
		}
		else {
			context.registerBean(TenListeners.class, () -> new TenListeners(sink));
		}
		if (setup.publishesOnly()) {
			// publications are made for listeners, so they have to be there; but none
			// runs
			context.registerBean("applicationTaskExecutor", AsyncTaskExecutor.class, () -> new Nowhere());
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Application {

		@Bean
		Publishing publishing(ApplicationEventPublisher events) {
			return new Publishing((orders) -> orders.forEach(events::publishEvent));
		}

	}

	static class OneListener {

		private final Sink sink;

		OneListener(Sink sink) {
			this.sink = sink;
		}

		@ApplicationModuleListener
		public void on(Order order) {
			this.sink.accept(order);
		}

	}

	/**
	 * Listeners are known by their methods, so beans of one class will not do.
	 */
	static class TenListeners {

		private final Sink sink;

		TenListeners(Sink sink) {
			this.sink = sink;
		}

		@ApplicationModuleListener
		public void on0(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on1(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on2(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on3(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on4(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on5(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on6(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on7(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on8(Order order) {
			this.sink.accept(order);
		}

		@ApplicationModuleListener
		public void on9(Order order) {
			this.sink.accept(order);
		}

	}

	private static final class Nowhere implements AsyncTaskExecutor {

		@Override
		public void execute(Runnable task) {
			// left undone
		}

	}

}
