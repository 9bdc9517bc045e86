package dev.events.spring.autoconfigure;

import dev.events.EventBus;
import dev.events.spring.actuate.AggregationMeters;
import dev.events.spring.actuate.EventMeters;
import dev.events.spring.actuate.SagaMeters;
import dev.events.spring.kafka.InboundMeters;
import dev.events.spring.kafka.KafkaInbound;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Auto-configuration of the meters {@code events.*}.
 */
@AutoConfiguration(after = { EventsAutoConfiguration.class, EventsKafkaAutoConfiguration.class },
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "events.enabled", matchIfMissing = true)
@ConditionalOnBean(MeterRegistry.class)
public final class EventsMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(value = EventBus.class, search = SearchStrategy.CURRENT)
	EventMeters eventMeters(EventBus bus) {
		return new EventMeters(bus);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(value = EventBus.class, search = SearchStrategy.CURRENT)
	AggregationMeters eventAggregationMeters(EventBus bus) {
		return new AggregationMeters(bus);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(value = EventBus.class, search = SearchStrategy.CURRENT)
	SagaMeters eventSagaMeters(EventBus bus) {
		return new SagaMeters(bus);
	}

	/**
	 * Where there is Kafka.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(KafkaTemplate.class)
	static class KafkaMetersConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(value = KafkaInbound.class, search = SearchStrategy.CURRENT)
		InboundMeters kafkaEventInboundMeters(KafkaInbound inbound) {
			return new InboundMeters(inbound);
		}

	}

}
