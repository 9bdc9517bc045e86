package dev.events.spring.connector;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.DeadLetters;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.SubscriptionDefinition;
import dev.events.SubscriptionInfo;
import dev.events.UpcastException;
import dev.events.spring.EventsContext;
import dev.events.store.EventStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ConnectorsTests {

	private final ApplicationContextRunner runner = EventsContext.inMemory().withBean("ledger", Ledger.class);

	private static void create(EventBus bus, String type, Map<String, Object> config) {
		bus.subscriptions().create(SubscriptionDefinition.of(type, "order.*").withConfig(config));
		await().until(() -> bus.subscriptions()
			.list()
			.stream()
			.allMatch((info) -> info.state() == SubscriptionInfo.State.ACTIVE));
	}

	private static Map<String, Object> function(String method) {
		return Map.of("bean", "ledger", "method", method);
	}

	@Test
	void callsMethodsThatAreMeantForIt() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, "function", function("book"));
			create(bus, "function", function("bookEvent"));
			create(bus, "function", function("bookBoth"));
			bus.publish(Event.of("order.placed", Map.of("id", "7", "unknown", 1)).withKey("k"));
			List<String> booked = context.getBean(Ledger.class).booked;
			await().until(() -> booked.size() == 3);
			assertThat(booked).containsExactlyInAnyOrder("7", "event 7", "both 7 k 1");
		});
	}

	@Test
	void callsThemThroughProxies() {
		new ApplicationContextRunner().withConfiguration(EventsContext.autoConfigurations())
			.withPropertyValues("events.store=memory", "events.delivery.poll-interval=20ms")
			.withBean("ledger", Ledger.class, () -> {
				ProxyFactory factory = new ProxyFactory(new Ledger());
				factory.setProxyTargetClass(true);
				return (Ledger) factory.getProxy();
			})
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				create(bus, "function", function("book"));
				bus.publish(Event.of("order.placed", Map.of("id", "7")));
				await().until(() -> context.getBean(Ledger.class).booked().size() == 1);
			});
	}

	@Test
	void callsNoOtherMethods() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertRefused(bus, Map.of("bean", "other", "method", "book"), "config.bean must be the name of a bean");
			assertRefused(bus, Map.of("method", "book"), "config.bean is missing");
			assertRefused(bus, function("destroy"),
					"config.method must be the name of a method of the bean that carries");
			assertRefused(bus, function("toString"), "config.method must be the name of a method");
			assertRefused(bus, Map.of("bean", "durableEventBus", "method", "close"), "config.method must be the name");
			assertRefused(bus, function("answers"), "config.method cannot be called: Method");
			assertRefused(bus, function("several"), "config.method is not clear");
			assertRefused(bus, function("batch"), "takes several events at a time; take one");
			assertRefused(bus, Map.of("bean", "ledger", "method", "book", "args", 1), "config.args is not known");
		});
	}

	private static void assertRefused(EventBus bus, Map<String, Object> config, String message) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> create(bus, "function", config))
			.withMessageContaining(message);
	}

	@Test
	void dataOfAnotherShapeIsADeadLetter() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, "function", function("book"));
			bus.publish(Event.of("order.placed", "hidden-text"));
			await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
			assertThat(bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters().get(0))
				.satisfies((letter) -> {
					assertThat(letter.errorType()).isEqualTo(InvalidEventException.class.getName());
					assertThat(letter.errorMessage()).doesNotContain("hidden");
				});
		});
	}

	@Test
	void dataComesInTheVersionOfItsClassAsForSubscribers() {
		this.runner
			.withBean("first", EventUpcaster.class,
					() -> EventUpcaster.of("order.placed", "1.0.0", "2.0.0",
							(data) -> data.set("second", data.remove("first"))))
			.withBean("second", EventUpcaster.class,
					() -> EventUpcaster.of("order.placed", "2.0.0", "3.0.0",
							(data) -> data.set("third", data.remove("second"))))
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				create(bus, "function", function("bookSecond"));
				bus.publish(Event.of("order.placed", Map.of("first", "7")));
				List<String> booked = context.getBean(Ledger.class).booked;
				await().until(() -> !booked.isEmpty());
				assertThat(booked).containsExactly("2.0.0 7");
			});
	}

	@Test
	void encryptedDataIsPlainTextForThem() {
		this.runner
			.withPropertyValues("events.encryption.keys.k=" + "A".repeat(43) + "=", "events.encryption.active-key=k",
					"events.encryption.types[order.*].enabled=true")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				create(bus, "function", function("book"));
				Event<?> event = bus.publish(Event.of("order.placed", Map.of("id", "7"))).event();
				List<String> booked = context.getBean(Ledger.class).booked;
				await().until(() -> !booked.isEmpty());
				assertThat(booked).containsExactly("7");
				assertThat(context.getBean(EventStore.class).log().find(event.id()).orElseThrow().event().data())
					.contains("$encrypted");
			});
	}

	@Test
	void aMissingUpcasterMakesADeadLetterAsForSubscribers() {
		this.runner
			.withBean(EventUpcaster.class,
					() -> EventUpcaster.of("order.placed", "2.0.0", "3.0.0",
							(data) -> data.set("third", data.remove("second"))))
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				create(bus, "function", function("bookSecond"));
				bus.publish(Event.of("order.placed", Map.of("first", "7")));
				await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
				assertThat(bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters().get(0).errorType())
					.isEqualTo(UpcastException.class.getName());
				assertThat(context.getBean(Ledger.class).booked).isEmpty();
			});
	}

	@Test
	void logsEventsWithoutTheirData(CapturedOutput output) {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, "log", Map.of());
			Event<?> event = bus.publish(Event.of("order.placed", "hidden-text").withKey("k\n1")).event();
			await().until(() -> output.getOut().contains("order.placed " + event.id() + " with key k 1"));
			assertThat(output.getOut()).doesNotContain("hidden-text");
			create(bus, "log", Map.of("payload", true, "level", "warn"));
			bus.publish(Event.of("order.placed", "shown-text"));
			await().until(() -> output.getOut().contains(": \"shown-text\""));
			assertThatExceptionOfType(InvalidSubscriptionException.class)
				.isThrownBy(() -> create(bus, "log", Map.of("level", "loud")))
				.withMessageContaining("config.level");
		});
	}

	@Test
	void withoutAnHttpClientThereAreNoWebhooks() {
		this.runner.withClassLoader(new FilteredClassLoader("org.apache.hc.client5")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(InvalidSubscriptionException.class)
				.isThrownBy(() -> create(context.getBean(EventBus.class), "webhook", Map.of()))
				.withMessageContaining("no connector; it has [function, log]");
		});
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.http.client"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	record Order(String id) {

	}

	@EventType(value = "order.placed", version = "2.0.0")
	record Second(String second) {

	}

	static class Ledger {

		final List<String> booked = new CopyOnWriteArrayList<>();

		List<String> booked() {
			return this.booked;
		}

		@ConnectorFunction
		void book(Order order) {
			this.booked.add(order.id());
		}

		@ConnectorFunction
		public void bookEvent(Event<Order> event) {
			this.booked.add("event " + event.data().id());
		}

		@ConnectorFunction
		void bookSecond(Event<Second> event) {
			this.booked.add(event.version() + " " + event.data().second());
		}

		@ConnectorFunction
		protected void bookBoth(Order order, Event<Order> event, Delivery delivery) {
			this.booked.add("both " + order.id() + " " + event.key() + " " + delivery.attempt());
		}

		public void destroy(Order order) {
			this.booked.clear();
		}

		@ConnectorFunction
		Event<?> answers(Order order) {
			return Event.of("order.answered", order);
		}

		@ConnectorFunction
		void several(Order order) {
		}

		@ConnectorFunction
		void several(Event<Order> event) {
		}

		@ConnectorFunction
		void batch(List<Event<Order>> events) {
		}

	}

}
