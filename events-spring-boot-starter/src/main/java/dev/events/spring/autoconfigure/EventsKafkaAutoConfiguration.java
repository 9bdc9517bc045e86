package dev.events.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import dev.events.EventBus;
import dev.events.InvalidEventException;
import dev.events.spring.kafka.InboundTopic;
import dev.events.spring.kafka.KafkaConnector;
import dev.events.spring.kafka.KafkaInbound;
import dev.events.spring.kafka.KafkaSettings;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Auto-configuration of the connector {@code kafka}, and of topics that are published on
 * the bus.
 */
@AutoConfiguration(after = { EventsAutoConfiguration.class, KafkaAutoConfiguration.class })
@ConditionalOnClass({ KafkaTemplate.class, KafkaAutoConfiguration.class })
@ConditionalOnBean(value = EventBus.class, search = SearchStrategy.CURRENT)
public final class EventsKafkaAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(ProducerFactory.class)
	KafkaConnector kafkaEventConnector(EventsProperties properties, ProducerFactory<?, ?> producers,
			ObjectProvider<ObservationRegistry> registry) {
		EventsProperties.Kafka kafka = properties.kafka();
		try {
			return new KafkaConnector(
					new KafkaSettings(kafka.topic(), kafka.timeout(), kafka.batchSize(),
							kafka.allowedBootstrapServers()),
					producers, registry.getIfUnique(() -> ObservationRegistry.NOOP));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("events.kafka", null, String.valueOf(ex.getMessage()));
		}
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(ConsumerFactory.class)
	@ConditionalOnBean(KafkaConnector.class)
	KafkaInbound kafkaEventInbound(EventBus bus, EventsProperties properties, ConsumerFactory<?, ?> consumers,
			KafkaConnector connector) {
		List<InboundTopic> topics = new ArrayList<>();
		String property = "events.kafka.inbound";
		try {
			for (EventsProperties.Kafka.Inbound inbound : properties.kafka().inbound()) {
				property = "events.kafka.inbound[" + topics.size() + "]";
				topics.add(new InboundTopic((inbound.topic() != null) ? inbound.topic() : "", inbound.groupId(),
						inbound.type(), inbound.source(), inbound.deadLetterTopic(), inbound.concurrency()));
			}
			property = "events.kafka.inbound";
			return new KafkaInbound(bus, topics, consumers, connector);
		}
		catch (IllegalArgumentException | InvalidEventException ex) {
			throw new InvalidConfigurationPropertyValueException(property, null, String.valueOf(ex.getMessage()));
		}
	}

}
