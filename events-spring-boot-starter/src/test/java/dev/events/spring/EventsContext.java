package dev.events.spring;

import dev.events.spring.autoconfigure.EventsAutoConfiguration;
import dev.events.spring.autoconfigure.EventsEndpointAutoConfiguration;
import dev.events.spring.autoconfigure.EventsHealthContributorAutoConfiguration;
import dev.events.spring.autoconfigure.EventsMetricsAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Contexts with this starter, for tests.
 */
public final class EventsContext {

	private EventsContext() {
	}

	/** With events in memory, and delivery quick to notice. */
	public static ApplicationContextRunner inMemory() {
		return plain().withPropertyValues("events.store=memory", "events.delivery.poll-interval=20ms",
				"events.retry.initial-delay=10ms", "events.retry.max-delay=1s");
	}

	/** As applications get it. */
	public static ApplicationContextRunner plain() {
		return new ApplicationContextRunner().withConfiguration(autoConfigurations());
	}

	/** All auto-configurations of this starter, and Jackson's. */
	public static AutoConfigurations autoConfigurations() {
		return AutoConfigurations.of(JacksonAutoConfiguration.class, EventsAutoConfiguration.class,
				EventsEndpointAutoConfiguration.class, EventsHealthContributorAutoConfiguration.class,
				EventsMetricsAutoConfiguration.class);
	}

}
