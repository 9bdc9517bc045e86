package dev.events.spring.autoconfigure;

import dev.events.EventBus;
import dev.events.bus.DurableEventBus;
import dev.events.spring.actuate.EventsHealthIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health indicator {@code events}.
 */
@AutoConfiguration(after = EventsAutoConfiguration.class,
		beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBooleanProperty(name = "events.enabled", matchIfMissing = true)
@ConditionalOnBean(EventBus.class)
@ConditionalOnEnabledHealthIndicator("events")
public final class EventsHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "eventsHealthIndicator")
	EventsHealthIndicator eventsHealthIndicator(EventBus bus) {
		return new EventsHealthIndicator(bus, () -> !(bus instanceof DurableEventBus durable) || durable.isRunning());
	}

}
