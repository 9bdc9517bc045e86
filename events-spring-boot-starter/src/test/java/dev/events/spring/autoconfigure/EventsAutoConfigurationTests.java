package dev.events.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventInterceptor;
import dev.events.EventSubscriber;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.memory.MemoryEventStore;
import dev.events.publish.EventForwarder;
import dev.events.publish.PublishSettings;
import dev.events.publish.PublishTransactions;
import dev.events.spring.EventsContext;
import dev.events.spring.actuate.EventMeters;
import dev.events.spring.actuate.EventsEndpoint;
import dev.events.spring.bridge.ApplicationEventForwarder;
import dev.events.spring.bridge.ApplicationEventIntake;
import dev.events.spring.subscriber.SubscriberRegistrar;
import dev.events.spring.transaction.SpringPublishTransactions;
import dev.events.store.EventStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Publisher;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.unit.DataSize;

import static dev.events.spring.EventsContext.analysis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class EventsAutoConfigurationTests {

	private final ApplicationContextRunner runner = EventsContext.inMemory();

	@Test
	void buildsAndStartsABus() {
		this.runner.withPropertyValues("spring.application.name=shop", "events.node-id=node-a").run((context) -> {
			assertThat(context).hasSingleBean(EventBus.class)
				.hasSingleBean(EventStore.class)
				.hasSingleBean(SubscriberRegistrar.class)
				.hasSingleBean(ApplicationEventIntake.class)
				.hasSingleBean(ApplicationEventForwarder.class)
				.hasSingleBean(SpringPublishTransactions.class);
			DurableEventBus bus = context.getBean(DurableEventBus.class);
			assertThat(bus.isRunning()).isTrue();
			assertThat(bus.publish(Event.of("a", 1)).event().source()).isEqualTo("shop");
			assertThat(bus.stats().nodes()).singleElement()
				.satisfies((node) -> assertThat(node.id()).isEqualTo("node-a"));
			assertThat(context.getBean(EventStore.class)).isInstanceOf(MemoryEventStore.class);
			context.stop();
			assertThat(bus.isRunning()).isFalse();
			assertThat(bus.publish(Event.of("a", 1)).isStored()).isTrue();
			context.start();
			assertThat(bus.isRunning()).isTrue();
		});
	}

	@Test
	void sourceCanBeGiven() {
		this.runner.withPropertyValues("spring.application.name=shop", "events.source=till")
			.run((context) -> assertThat(context.getBean(EventBus.class).publish(Event.of("a", 1)).event().source())
				.isEqualTo("till"));
	}

	@Test
	void startsLastAndStopsFirst() {
		List<String> order = new CopyOnWriteArrayList<>();
		this.runner.withBean("other", SmartLifecycle.class, () -> new RecordingLifecycle(order)).run((context) -> {
			context.getBean(EventBus.class)
				.subscribe(Subscriber.to("a").id("slow").handler((event) -> order.add("delivered")));
			context.getBean(EventBus.class).publish(Event.of("a", 1));
			await().until(() -> order.contains("delivered"));
			context.getBean(RecordingLifecycle.class).onStop = () -> order
				.add("bus " + context.getBean(DurableEventBus.class).isRunning());
			context.stop();
			assertThat(order).containsExactly("start", "delivered", "bus false", "stop");
		});
	}

	@Test
	void canBeSwitchedOff() {
		this.runner.withPropertyValues("events.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(EventBus.class)
				.doesNotHaveBean(EventStore.class)
				.doesNotHaveBean(EventsProperties.class)
				.doesNotHaveBean(SubscriberRegistrar.class)
				.doesNotHaveBean(EventsEndpoint.class)
				.doesNotHaveBean(EventMeters.class));
	}

	@Test
	void worksWithoutOptionalClasses() {
		this.runner
			.withClassLoader(new FilteredClassLoader(TransactionSynchronizationManager.class,
					TransactionSynchronization.class, Publisher.class, Endpoint.class, HealthIndicator.class))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(PublishTransactions.class);
				assertThat(context.getBean(EventStore.class)).isInstanceOf(MemoryEventStore.class);
				assertThat(context.getBean(EventBus.class).publish(Event.of("a", 1)).isStored()).isTrue();
			});
	}

	@Test
	void warnsWhenMemoryWasNotChosen(CapturedOutput output) {
		EventsContext.plain()
			.withClassLoader(new FilteredClassLoader("dev.events.jdbc", "dev.events.redis"))
			.run((context) -> assertThat(context.getBean(EventStore.class).name()).isEqualTo("memory"));
		assertThat(output).containsOnlyOnce("Events are kept in memory and do not survive a restart: "
				+ "add the dependency dev.events:events-jdbc-store");
	}

	@Test
	void doesNotWarnWhenMemoryWasChosen(CapturedOutput output) {
		this.runner.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("do not survive a restart");
	}

	@Test
	void explainsThatTheJdbcStoreIsMissing() {
		EventsContext.plain()
			.withPropertyValues("events.store=jdbc")
			.withClassLoader(new FilteredClassLoader("dev.events.jdbc"))
			.run((context) -> {
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription())
					.isEqualTo("events.store is jdbc, but the JDBC store is not on the class path.");
				assertThat(analysis.getAction())
					.isEqualTo("Add the dependency dev.events:events-jdbc-store, or set events.store to memory.");
			});
	}

	@Test
	void givesWayToTheApplicationsBeans() {
		MemoryEventStore store = new MemoryEventStore();
		this.runner.withBean("myStore", EventStore.class, () -> store).run((context) -> {
			assertThat(context.getBean(EventStore.class)).isSameAs(store);
			context.getBean(EventBus.class).publish(Event.of("a", 1));
			assertThat(store.log().head()).isEqualTo(1);
		});
		EventBus bus = mock();
		this.runner.withBean("myBus", EventBus.class, () -> bus)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(EventBus.class)
				.doesNotHaveBean(EventBusLifecycle.class)
				.doesNotHaveBean(ApplicationEventIntake.class));
		PublishTransactions transactions = mock();
		this.runner.withBean("myTransactions", PublishTransactions.class, () -> transactions)
			.run((context) -> assertThat(context).hasSingleBean(PublishTransactions.class));
		List<Object> forwarded = new CopyOnWriteArrayList<>();
		this.runner.withBean("myForwarder", EventForwarder.class, () -> forwarded::add).run((context) -> {
			context.getBean(EventBus.class).publish(Event.of("a", 1));
			assertThat(forwarded).hasSize(1);
		});
	}

	@Test
	void startsABusThatTheApplicationBuilt() {
		this.runner.withUserConfiguration(OwnBusConfiguration.class).run((context) -> {
			assertThat(context.getBean(DurableEventBus.class).isRunning()).isTrue();
			assertThat(context.getBean(EventBus.class).publish(Event.of("a", 1)).event().source()).isEqualTo("own");
		});
	}

	@Test
	void ordersInterceptors() {
		this.runner.withUserConfiguration(InterceptorConfiguration.class)
			.run((context) -> assertThat(
					context.getBean(EventBus.class).publish(Event.of("a", 1)).event().metadata().get("trace"))
				.isEqualTo("first second"));
	}

	@Test
	void usesTheApplicationsJsonMapper() {
		this.runner
			.withBean("mapper", JsonMapper.class,
					() -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build())
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				bus.publish(Event.of("a", new Named("x")));
				assertThat(bus.history("a", 1).get(0).data()).isEqualTo(Map.of("first_name", "x"));
			});
	}

	@Test
	void usesItsOwnJsonMapperWhenThereAreSeveral() {
		this.runner.withBean("one", JsonMapper.class, () -> JsonMapper.builder().build())
			.withBean("two", JsonMapper.class, () -> JsonMapper.builder().build())
			.run((context) -> assertThat(
					context.getBean(EventBus.class).publish(Event.of("a", new Named("x"))).isStored())
				.isTrue());
	}

	@Test
	void flushesBufferedPublishingWhenTheContextIsClosed() {
		MemoryEventStore store = new MemoryEventStore();
		this.runner.withBean("myStore", EventStore.class, () -> store)
			.withPropertyValues("events.publish.linger=300ms")
			.run((context) -> context.getBean(EventBus.class).publishAndForget(Event.of("a", 1)));
		assertThat(store.log().head()).isEqualTo(1);
	}

	@Test
	void propertiesHaveTheDefaultsOfTheCore() {
		EventsContext.plain().withPropertyValues("events.store=memory").run((context) -> {
			EventsProperties properties = context.getBean(EventsProperties.class);
			CoreSettings settings = new CoreSettings(properties);
			assertThat(settings.retry()).isEqualTo(RetryPolicy.DEFAULT);
			assertThat(settings.delivery()).isEqualTo(DeliverySettings.DEFAULT);
			assertThat(settings.publishing()).isEqualTo(PublishSettings.DEFAULT);
			assertThat(settings.source(context.getEnvironment())).isEqualTo("application");
			assertThat(properties.enabled()).isTrue();
			assertThat(properties.bridge().inbound()).isTrue();
			assertThat(properties.bridge().outbound()).isTrue();
			assertThat(properties.maxSubscribersPerType()).isEqualTo(100);
		});
	}

	@Test
	void propertiesReachTheBus() {
		this.runner
			.withPropertyValues("events.publish.max-payload-size=10B", "events.max-subscribers-per-type=1",
					"events.delivery.partitions=3", "events.retry.max-attempts=7", "events.delivery.lease-duration=3s")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				assertThatExceptionOfType(InvalidEventException.class)
					.isThrownBy(() -> bus.publish(Event.of("a", "0123456789")))
					.withMessageContaining("10");
				bus.subscribe(Subscriber.to("a").id("one").handler((event) -> {
				}));
				assertThatExceptionOfType(InvalidSubscriptionException.class)
					.isThrownBy(() -> bus.subscribe(Subscriber.to("a").id("two").handler((event) -> {
					})));
				assertThat(bus.subscriptions().find("one").orElseThrow().partitions()).isEqualTo(3);
				EventsProperties properties = context.getBean(EventsProperties.class);
				assertThat(properties.publish().maxPayloadSize()).isEqualTo(DataSize.ofBytes(10));
				assertThat(new CoreSettings(properties).retry().maxAttempts()).isEqualTo(7);
				assertThat(new CoreSettings(properties).delivery().leaseDuration()).isEqualTo(Duration.ofSeconds(3));
			});
	}

	@Test
	void refusesUnknownProperties() {
		this.runner.withPropertyValues("events.retry.max-atempts=3").run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription()).contains("events.retry.max-atempts").contains("left unbound");
		});
	}

	@Test
	void explainsIdsWithDots() {
		this.runner.withPropertyValues("events.subscribers.mails.send.partitions=3").run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription())
				.isEqualTo("There is no property events.subscribers.mails.send.partitions.");
			assertThat(analysis.getAction()).contains("write it in brackets");
		});
	}

	@Test
	void explainsInvalidProperties() {
		assertExplained("events.retry.max-attempts=0", "events.retry.*",
				"max-attempts is 0; write 1 (no retry) or more");
		assertExplained("events.delivery.lease-duration=1ms", "events.delivery.*",
				"lease-duration must be at least 1s");
		assertExplained("events.publish.batch-size=0", "events.publish.*", "batch-size must be from 1 to buffer-size");
		assertExplained("events.publish.max-payload-size=4GB", "events.publish.max-payload-size",
				"write a size from 1B to 2047MB");
		assertExplained("events.max-subscribers-per-type=0", "events.max-subscribers-per-type", "write 1 or more");
		assertExplained("events.source=" + "x".repeat(201), "events.source", "at most 200");
		assertExplained("events.store=postgres", "events.store", "JDBC");
	}

	@Test
	void explainsInvalidSubscribers() {
		this.runner.withBean("bad", BadSubscriber.class).run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription()).startsWith("@EventSubscriber method " + BadSubscriber.class.getName())
				.contains("is private");
		});
	}

	@Test
	void explainsInvalidEventsAndWhereTheyArePublished() {
		InvalidEventException failure = new InvalidEventException("bad");
		FailureAnalysis analysis = new EventFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).startsWith("bad").contains("Published at ");
	}

	private void assertExplained(String property, String... texts) {
		this.runner.withPropertyValues(property).run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription() + analysis.getAction()).contains(texts);
		});
	}

	record Named(String firstName) {

	}

	static class BadSubscriber {

		@EventSubscriber("a")
		private void on() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBusConfiguration {

		@Bean
		DurableEventBus bus(EventStore store) {
			return DurableEventBus.builder(store).source("own").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InterceptorConfiguration {

		@Bean
		@Order(2)
		EventInterceptor second() {
			return (event) -> event.withMetadata("trace", event.metadata().get("trace") + " second");
		}

		@Bean
		@Order(1)
		EventInterceptor first() {
			return (event) -> event.withMetadata("trace", "first");
		}

	}

	private static final class RecordingLifecycle implements SmartLifecycle {

		private final List<String> order;

		private Runnable onStop = () -> {
		};

		private volatile boolean running;

		RecordingLifecycle(List<String> order) {
			this.order = order;
		}

		@Override
		public void start() {
			this.running = true;
			this.order.add("start");
		}

		@Override
		public void stop() {
			this.running = false;
			this.onStop.run();
			this.order.add("stop");
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return DEFAULT_PHASE - 1;
		}

	}

}
