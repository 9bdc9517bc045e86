package dev.events.spring.test;

import dev.events.bus.DurableEventBus;
import dev.events.spring.autoconfigure.EventsAutoConfiguration;
import dev.events.test.TestEventBus;
import dev.events.test.TestEventBusSetup;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * The bus of a test, around the one that the application would have.
 */
@AutoConfiguration(after = EventsAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "events.enabled", matchIfMissing = true)
final class TestEventBusAutoConfiguration {

	@Bean
	@Primary
	TestEventBus testEventBus(DurableEventBus bus, TestEventBusSetup setup) {
		return setup.wrap(bus);
	}

	@Bean
	TestEventBusTurns testEventBusTurns(TestEventBus bus) {
		return new TestEventBusTurns(bus);
	}

}
