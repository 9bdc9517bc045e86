/**
 * Kafka: the connector {@code kafka}, which sends events to topics
 * ({@link dev.events.spring.kafka.KafkaConnector}), and topics whose records are
 * published on the bus ({@link dev.events.spring.kafka.KafkaInbound}).
 */
@NullMarked
package dev.events.spring.kafka;

import org.jspecify.annotations.NullMarked;
