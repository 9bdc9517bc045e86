package dev.events.spring.actuate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventStoreException;
import dev.events.EventSubscriber;
import dev.events.Subscriber;
import dev.events.spring.EventsContext;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class HealthAndMetricsTests {

	private final ApplicationContextRunner runner = EventsContext.inMemory()
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class))
		.withBean("meterRegistry", MeterRegistry.class, SimpleMeterRegistry::new)
		.withBean("flaky", Flaky.class);

	@Test
	void registersMetersForTypesAndSubscriptions() {
		this.runner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.find("events.lag").tag("subscription", "flaky").gauge()).isNotNull();
			assertThat(registry.find("events.parked").tag("subscription", "flaky").gauge()).isNotNull();
			assertThat(registry.find("events.rejected").functionCounter()).isNotNull();
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(Event.of("order.placed", 1));
			bus.publish(Event.of("order.failing", 1));
			await().until(() -> bus.stats().deadLetters() == 1 && bus.stats().delivered() == 1);
			EventMeters meters = new EventMeters(bus);
			SimpleMeterRegistry fresh = new SimpleMeterRegistry();
			meters.bindTo(fresh);
			meters.refresh();
			assertThat(counter(fresh, "events.published", "type", "order.placed")).isEqualTo(1);
			assertThat(counter(fresh, "events.delivered", "subscription", "flaky")).isEqualTo(1);
			assertThat(counter(fresh, "events.failed", "subscription", "flaky")).isEqualTo(1);
			Gauge deadLetters = fresh.find("events.deadletters").tag("subscription", "flaky").gauge();
			assertThat(deadLetters).isNotNull();
			assertThat(deadLetters.value()).isEqualTo(1);
			bus.publishIn(Duration.ofHours(1), Event.of("order.reminder", 1));
			SimpleMeterRegistry later = new SimpleMeterRegistry();
			EventMeters laterMeters = new EventMeters(bus);
			laterMeters.bindTo(later);
			Gauge scheduled = later.find("events.scheduled").gauge();
			assertThat(scheduled).isNotNull();
			assertThat(scheduled.value()).isEqualTo(1);
			FunctionTimer handler = fresh.find("events.handler").tag("subscription", "flaky").functionTimer();
			assertThat(handler).isNotNull();
			assertThat(handler.count()).isEqualTo(2);
			assertThat(handler.totalTime(TimeUnit.NANOSECONDS)).isPositive();
		});
	}

	@Test
	void hasNoMetersForSubscriptionsWithGeneratedIds() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.subscribe("a", (event) -> {
			});
			bus.subscribe(Subscriber.to("b").id("durable").handler((event) -> {
			}));
			SimpleMeterRegistry fresh = new SimpleMeterRegistry();
			EventMeters meters = new EventMeters(bus);
			meters.bindTo(fresh);
			meters.refresh();
			assertThat(fresh.find("events.lag").gauges()).extracting((gauge) -> gauge.getId().getTag("subscription"))
				.containsExactlyInAnyOrder("flaky", "durable");
		});
	}

	@Test
	void canBeSwitchedOff() {
		this.runner.withPropertyValues("management.health.events.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(EventsHealthIndicator.class));
	}

	@Test
	void isUpWhileDeliveryRuns() {
		this.runner.run((context) -> {
			EventsHealthIndicator indicator = context.getBean(EventsHealthIndicator.class);
			Health health = indicator.health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("store", "memory")
				.containsEntry("running", true)
				.containsEntry("lag", 0L)
				.containsEntry("deadLetters", 0L)
				.doesNotContainKey("abandoned");
			context.stop();
			assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void showsAbandonedSubscriptionsButStaysUp() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.subscribe(Subscriber.to("b").id("removed").handler((event) -> {
			})).close();
			await().untilAsserted(() -> {
				Health health = context.getBean(EventsHealthIndicator.class).health();
				assertThat(health.getStatus()).isEqualTo(Status.UP);
				assertThat(health.getDetails().get("abandoned")).asInstanceOf(InstanceOfAssertFactories.LIST)
					.containsExactly("removed");
			});
		});
	}

	@Test
	void isDownWhenTheStoreDoesNotAnswer() {
		EventBus bus = mock();
		given(bus.stats()).willThrow(new EventStoreException("no connection", null));
		Health health = new EventsHealthIndicator(bus, () -> true).health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsKey("error");
	}

	private static double counter(MeterRegistry registry, String name, String tag, String value) {
		FunctionCounter counter = registry.find(name).tag(tag, value).functionCounter();
		assertThat(counter).isNotNull();
		return counter.count();
	}

	static class Flaky {

		@EventSubscriber(value = "order.*", id = "flaky", maxAttempts = 1)
		void on(Event<?> event) {
			if (event.type().endsWith("failing")) {
				throw new IllegalStateException("no");
			}
		}

	}

}
