package dev.events.spring.autoconfigure;

import dev.events.EventBus;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;

/**
 * Auto-configuration that stops an application whose properties name topics which nobody
 * would read.
 */
@AutoConfiguration(after = EventsKafkaAutoConfiguration.class)
@ConditionalOnBean(value = { EventBus.class, EventsProperties.class }, search = SearchStrategy.CURRENT)
@ConditionalOnMissingBean(type = "dev.events.spring.kafka.KafkaInbound")
public final class EventsKafkaSetupAutoConfiguration {

	EventsKafkaSetupAutoConfiguration(EventsProperties properties) {
		if (!properties.kafka().inbound().isEmpty()) {
			throw new EventsSetupException(
					"The properties events.kafka.inbound name topics, but nobody would read them, for Kafka is not "
							+ "set up.",
					"Add spring-boot-starter-kafka. If it is there, and the application has several beans of type "
							+ "ProducerFactory or ConsumerFactory, make one of each @Primary. Or leave out "
							+ "events.kafka.inbound.",
					null);
		}
	}

}
