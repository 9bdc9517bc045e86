package dev.events.spring.kafka;

import java.nio.charset.StandardCharsets;

import dev.events.Event;
import dev.events.spring.connector.CloudEventSource;
import dev.events.spring.tracing.TraceHeaders;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes records of events, as the Kafka binding of CloudEvents 1.0 says (binary mode):
 * attributes are headers, the value is the data. User and metadata are left out: what is
 * in them was not written for others; but the trace goes on, in the headers of W3C Trace
 * Context. Thread-safe.
 *
 * @param topic where records go
 * @param format what is in them
 */
record RecordWriter(TopicTemplate topic, KafkaConfig.Format format) {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	/** The record's key is that of the event, so one partition has its order. */
	ProducerRecord<byte[], byte[]> write(Event<JsonNode> event) {
		String key = event.key();
		ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(this.topic.topic(event), null,
				Math.max(0, event.timestamp().toEpochMilli()), (key != null) ? bytes(key) : null,
				MAPPER.writeValueAsBytes(event.data()));
		if (this.format == KafkaConfig.Format.CLOUDEVENTS_BINARY) {
			headers(event, record.headers());
		}
		// of the publisher, not of this delivery: records of one delivery are of many
		// traces
		TraceHeaders.of(event.metadata()::get).forEach((name, value) -> record.headers().add(name, bytes(value)));
		return record;
	}

	private static void headers(Event<JsonNode> event, Headers headers) {
		attribute(headers, RecordHeaders.SPEC_VERSION, "1.0");
		attribute(headers, RecordHeaders.ID, event.id().toString());
		attribute(headers, RecordHeaders.SOURCE, CloudEventSource.of(event.source()));
		attribute(headers, RecordHeaders.TYPE, event.type());
		attribute(headers, RecordHeaders.TIME, event.timestamp().toString());
		headers.add(RecordHeaders.CONTENT_TYPE, bytes(RecordHeaders.JSON));
		attribute(headers, RecordHeaders.DATA_VERSION, event.version());
		attribute(headers, RecordHeaders.PARTITION_KEY, event.key());
		attribute(headers, RecordHeaders.ORGANIZATION, event.organization());
		attribute(headers, RecordHeaders.CORRELATION_ID, event.correlationId());
		attribute(headers, RecordHeaders.CAUSATION_ID, event.causationId());
	}

	private static void attribute(Headers headers, String name, @Nullable String value) {
		// an attribute must not be empty
		if (value != null && !value.isEmpty()) {
			headers.add(RecordHeaders.PREFIX + name, bytes(value));
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
