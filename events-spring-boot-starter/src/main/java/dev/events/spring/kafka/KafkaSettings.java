package dev.events.spring.kafka;

import java.time.Duration;
import java.util.List;

/**
 * What the application says about sending to Kafka. Immutable.
 *
 * @param topic topic of subscriptions that name none, with the placeholders
 * {@code {type}} and {@code {source}}
 * @param timeout how long an attempt may take in all until the broker has acknowledged
 * @param batchSize most events that are on their way at once, for each partition of a
 * subscription
 * @param allowedBootstrapServers brokers that subscriptions may name besides those of the
 * application, which sends its credentials there
 */
public record KafkaSettings(String topic, Duration timeout, int batchSize, List<String> allowedBootstrapServers) {

	private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);

	private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

	private static final int MAX_BATCH_SIZE = 10_000;

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException when one is not possible
	 */
	public KafkaSettings {
		allowedBootstrapServers = List.copyOf(allowedBootstrapServers);
		new TopicTemplate(topic);
		if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
			throw new IllegalArgumentException("timeout is " + timeout + "; it must be from 1s to 5m");
		}
		if (batchSize < 1 || batchSize > MAX_BATCH_SIZE) {
			throw new IllegalArgumentException("batch-size is " + batchSize + "; it must be from 1 to 10000");
		}
	}

}
