package dev.events.spring.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventStats;
import dev.events.spring.EventsContext;
import dev.events.spring.actuate.EventMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RetentionConfigurationTests {

	private static final Instant OLD = Clock.systemUTC().instant().minus(Duration.ofDays(10));

	private final ApplicationContextRunner runner = EventsContext.inMemory()
		.withPropertyValues("events.retention.interval=20ms");

	private static void publish(EventBus bus, String type) {
		bus.publish(Event.of(type, 1).withTimestamp(OLD));
	}

	private static List<String> types(EventBus bus) {
		return bus.query().list(100).stream().map(Event::type).toList();
	}

	@Test
	void everythingIsKeptByDefault() {
		this.runner.run((context) -> assertThat(context.getBean(EventBus.class).stats().retention()).isNull());
	}

	@Test
	void rulesApplyInTheirOrderAndTheRestLast() {
		this.runner
			.withPropertyValues("events.retention.rules[0].type=audit.**", "events.retention.rules[1].type=a.*",
					"events.retention.rules[1].max-count=2", "events.retention.max-age=5d")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				List.of("audit.x", "a.1", "b", "a.2", "a.3", "audit.y", "b", "last")
					.forEach((type) -> publish(bus, type));
				await().untilAsserted(
						() -> assertThat(types(bus)).containsExactly("audit.x", "a.2", "a.3", "audit.y", "last"));
				await().untilAsserted(
						() -> assertThat(bus.stats().retention()).isEqualTo(new EventStats.Retention(3, 0, null)));
				SimpleMeterRegistry meters = new SimpleMeterRegistry();
				new EventMeters(bus).bindTo(meters);
				assertThat(meters.get("events.retention.deleted").functionCounter().count()).isEqualTo(3);
				assertThat(meters.get("events.retention.held-back").gauge().value()).isZero();
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			max-age=-1d               | max-age of '**' is PT-24H; it must be positive
			max-count=0               | max-count of '**' is 0; it must be at least 1
			rules[0].type=a..b        | events.retention.rules[0].type: 'a..b'
			rules[0].max-age=1d       | events.retention.rules[0].type is missing; write an event type
			delete-unread=true        | delete-unread is true, but nothing is ever deleted: add a max-age
			batch-size=0              | batch-size must be from 1 to 100000
			pause=-1s                 | pause must not be negative
			""")
	void wrongSettingsStopTheApplicationSayingWhatToWrite(String property, String message) {
		this.runner.withPropertyValues("events.retention." + property)
			.run((context) -> assertThat(EventsContext.analysis(context).getDescription()).contains(message));
	}

	@Test
	void aRuleThatNeverAppliesIsRefused() {
		this.runner.withPropertyValues("events.retention.rules[0].type=**", "events.retention.max-age=1d")
			.run((context) -> assertThat(EventsContext.analysis(context).getDescription()).contains("put it last"));
	}

}
