package dev.events.spring.connector.webhook;

import dev.events.Event;
import dev.events.spring.connector.CloudEventSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is sent of an event. User and metadata are not: what is in them was not written
 * for strangers.
 *
 * @param contentType media type
 * @param bytes the body
 */
record WebhookBody(String contentType, byte[] bytes) {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	static WebhookBody of(Event<JsonNode> event, WebhookConfig.Format format) {
		return switch (format) {
			case CLOUDEVENTS -> new WebhookBody("application/cloudevents+json; charset=UTF-8",
					MAPPER.writeValueAsBytes(cloudEvent(event)));
			case DATA -> new WebhookBody("application/json", MAPPER.writeValueAsBytes(event.data()));
		};
	}

	/** CloudEvents 1.0, structured mode. */
	private static ObjectNode cloudEvent(Event<JsonNode> event) {
		ObjectNode json = MAPPER.createObjectNode();
		json.put("specversion", "1.0");
		json.put("id", event.id().toString());
		json.put("source", CloudEventSource.of(event.source()));
		json.put("type", event.type());
		json.put("time", event.timestamp().toString());
		json.put("datacontenttype", "application/json");
		json.put("dataversion", event.version());
		putIfPresent(json, "partitionkey", event.key());
		putIfPresent(json, "organization", event.organization());
		putIfPresent(json, "correlationid", event.correlationId());
		putIfPresent(json, "causationid", event.causationId());
		json.set("data", event.data());
		return json;
	}

	private static void putIfPresent(ObjectNode json, String name, @Nullable String value) {
		// an attribute must not be empty
		if (value != null && !value.isEmpty()) {
			json.put(name, value);
		}
	}

}
