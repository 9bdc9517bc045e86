package dev.events.spring.test;

import java.time.Clock;
import java.time.Instant;

import dev.events.delivery.DeliveryTransactions;
import dev.events.publish.PublishTransactions;
import dev.events.spring.EventBusBuilderCustomizer;
import dev.events.spring.autoconfigure.EventsAutoConfiguration;
import dev.events.store.EventStore;
import dev.events.test.ManualClock;
import dev.events.test.TestEventBusSetup;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What the bus of a test is built over; before the application's store is chosen.
 */
@AutoConfiguration(before = EventsAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "events.enabled", matchIfMissing = true)
final class TestEventStoreAutoConfiguration {

	@Bean
	TestEventBusSetup testEventBusSetup(ObjectProvider<PublishTransactions> transactions) {
		return new TestEventBusSetup(Instant.now(), transactions.getIfAvailable(() -> PublishTransactions.NONE));
	}

	@Bean
	@Primary
	EventStore testEventStore(TestEventBusSetup setup) {
		return setup.store();
	}

	@Bean
	@ConditionalOnMissingBean(Clock.class)
	ManualClock testEventClock(TestEventBusSetup setup) {
		return setup.clock();
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	EventBusBuilderCustomizer testEventBusCustomizer(TestEventBusSetup setup) {
		return setup::applyTo;
	}

	/**
	 * Where transactions may exist.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(PlatformTransactionManager.class)
	static class TransactionConfiguration {

		@Bean
		@ConditionalOnMissingBean(DeliveryTransactions.class)
		TestDeliveryTransactions testDeliveryTransactions(ObjectProvider<PlatformTransactionManager> managers) {
			return new TestDeliveryTransactions(managers);
		}

	}

}
