package dev.events.spring.kafka;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a subscription of type {@code kafka}. Immutable.
 *
 * @param topic where events are sent, with the placeholders {@code {type}} and
 * {@code {source}}; {@code null} for {@code events.kafka.topic}
 * @param bootstrapServers brokers to begin with; {@code null} for those of the
 * application
 * @param format what is sent; {@code null} for {@code cloudevents-binary}
 */
public record KafkaConfig(@Nullable String topic, @Nullable List<String> bootstrapServers, @Nullable Format format) {

	public KafkaConfig {
		if (bootstrapServers != null) {
			bootstrapServers = List.copyOf(bootstrapServers);
		}
	}

	/**
	 * What is sent.
	 */
	public enum Format {

		/** The data as JSON, type, id and so on as headers, as CloudEvents says. */
		@JsonProperty("cloudevents-binary")
		CLOUDEVENTS_BINARY,

		/** The data alone, as JSON. */
		@JsonProperty("data")
		DATA

	}

}
