package dev.events.spring.kafka;

import dev.events.Event;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * A topic whose records are published on the bus. Immutable.
 *
 * @param topic name of the topic
 * @param groupId consumer group; {@code null} for that of the application
 * @param type event type of records that are no CloudEvents; {@code null} if there are
 * none
 * @param source source of records that are no CloudEvents; {@code null} for
 * {@code kafka:} and the topic
 * @param deadLetterTopic where records go that cannot be published; {@code null} if the
 * topic stands still instead
 * @param concurrency consumers on each node
 */
public record InboundTopic(String topic, @Nullable String groupId, @Nullable String type, @Nullable String source,
		@Nullable String deadLetterTopic, int concurrency) {

	private static final int MAX_CONCURRENCY = 100;

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException when one is not possible
	 */
	public InboundTopic {
		if (!StringUtils.hasText(topic)) {
			throw new IllegalArgumentException("topic is missing");
		}
		groupId = StringUtils.hasText(groupId) ? groupId : null;
		type = StringUtils.hasText(type) ? type : null;
		source = StringUtils.hasText(source) ? source : "kafka:" + topic;
		deadLetterTopic = StringUtils.hasText(deadLetterTopic) ? deadLetterTopic : null;
		Event<String> example = Event.of("type", "").withSource(source);
		if (type != null) {
			example.withType(type);
		}
		if (topic.equals(deadLetterTopic)) {
			throw new IllegalArgumentException("dead-letter-topic must be another one than topic");
		}
		if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
			throw new IllegalArgumentException("concurrency is " + concurrency + "; it must be from 1 to 100");
		}
	}

	/** A topic of CloudEvents, with the group of the application. */
	public static InboundTopic of(String topic) {
		return new InboundTopic(topic, null, null, null, null, 1);
	}

}
