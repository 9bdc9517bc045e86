package dev.events.spring.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

import dev.events.Event;
import dev.events.spring.tracing.TraceHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes events of records: of CloudEvents 1.0, binary or structured, and of plain JSON.
 * The trace of the sender, in headers of W3C Trace Context, goes on with the event.
 * Thread-safe.
 * <p>
 * Invariant: the same record always becomes an event of the same id, by which the log
 * knows what it has; and different records never do, also when a topic was made anew and
 * counts from the beginning.
 *
 * @param topic says what plain JSON is
 */
record RecordReader(InboundTopic topic) {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private static final String STRUCTURED = "application/cloudevents";

	private static final Pattern JSON_TYPE = Pattern.compile("[a-z0-9.+-]+/(json|[a-z0-9.+-]+\\+json)");

	private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

	// others may have versions of another kind, which are kept as metadata
	private static final Pattern VERSION = Pattern.compile("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}");

	private static final int MAX_KEY = 200;

	// they are not kept as metadata
	private static final Set<String> KNOWN = Set.of(RecordHeaders.SPEC_VERSION, RecordHeaders.ID, RecordHeaders.SOURCE,
			RecordHeaders.TYPE, RecordHeaders.TIME, RecordHeaders.DATA_CONTENT_TYPE, RecordHeaders.PARTITION_KEY,
			RecordHeaders.ORGANIZATION, RecordHeaders.CORRELATION_ID, RecordHeaders.CAUSATION_ID, "data",
			"data_base64");

	/**
	 * The event that a record is.
	 * @throws UnreadableRecordException when it is none
	 * @throws dev.events.InvalidEventException when one of its attributes is not possible
	 */
	Event<JsonNode> read(ConsumerRecord<byte[], byte[]> record) {
		// headers of the record tell of the last sender, extensions of CloudEvents of the
		// first
		return event(record).withMetadata(TraceHeaders.of((name) -> header(record, name)));
	}

	private Event<JsonNode> event(ConsumerRecord<byte[], byte[]> record) {
		String contentType = mediaType(header(record, RecordHeaders.CONTENT_TYPE));
		if (contentType.startsWith(STRUCTURED)) {
			return structured(record, contentType);
		}
		if (header(record, RecordHeaders.PREFIX + RecordHeaders.SPEC_VERSION) != null) {
			return binary(record, contentType);
		}
		return plain(record, contentType);
	}

	private Event<JsonNode> binary(ConsumerRecord<byte[], byte[]> record, String contentType) {
		Map<String, String> attributes = new LinkedHashMap<>();
		for (Header header : record.headers()) {
			if (header.key().startsWith(RecordHeaders.PREFIX) && header.value() != null) {
				attributes.put(header.key().substring(RecordHeaders.PREFIX.length()), text(header.value()));
			}
		}
		return cloudEvent(record, attributes, data(record, contentType));
	}

	private Event<JsonNode> structured(ConsumerRecord<byte[], byte[]> record, String contentType) {
		if (!contentType.equals(STRUCTURED + "+json")) {
			throw new UnreadableRecordException("its content type is " + contentType + "; of CloudEvents in one piece,"
					+ " only application/cloudevents+json can be read");
		}
		if (record.value() == null || !(json(record.value()) instanceof ObjectNode envelope)) {
			throw new UnreadableRecordException("its value is no JSON object, and so no CloudEvent");
		}
		Map<String, String> attributes = new LinkedHashMap<>();
		envelope.properties().forEach((property) -> {
			if (property.getValue().isValueNode() && !property.getValue().isNull()) {
				attributes.put(property.getKey(), property.getValue().asString());
			}
		});
		return cloudEvent(record, attributes, data(envelope, attributes));
	}

	private JsonNode data(ObjectNode envelope, Map<String, String> attributes) {
		JsonNode data = envelope.get("data");
		JsonNode encoded = envelope.get("data_base64");
		if (encoded == null) {
			return (data != null) ? data : MAPPER.createObjectNode();
		}
		requireJson(mediaType(attributes.get(RecordHeaders.DATA_CONTENT_TYPE)));
		try {
			return json(encoded.binaryValue());
		}
		catch (JacksonException ex) {
			throw new UnreadableRecordException("its data_base64 is not Base64", ex);
		}
	}

	private Event<JsonNode> plain(ConsumerRecord<byte[], byte[]> record, String contentType) {
		String type = this.topic.type();
		if (type == null) {
			throw new UnreadableRecordException("it is no CloudEvent, and the topic has no 'type' for such records");
		}
		String place = record.topic() + "\0" + record.partition() + "\0" + record.offset() + "\0" + record.timestamp();
		return placed(record, Event.of(type, data(record, contentType)).withId(named(place)), null)
			.withSource(String.valueOf(this.topic.source()));
	}

	private Event<JsonNode> cloudEvent(ConsumerRecord<byte[], byte[]> record, Map<String, String> attributes,
			JsonNode data) {
		String version = required(attributes, RecordHeaders.SPEC_VERSION);
		if (!version.startsWith("1.")) {
			throw new UnreadableRecordException("its specversion is not 1.0");
		}
		String id = required(attributes, RecordHeaders.ID);
		String source = required(attributes, RecordHeaders.SOURCE);
		Event<JsonNode> event = Event.of(required(attributes, RecordHeaders.TYPE), data)
			.withId(UUID_TEXT.matcher(id).matches() ? UUID.fromString(id) : named(source + "\0" + id))
			.withSource(source)
			.withOrganization(attributes.get(RecordHeaders.ORGANIZATION))
			.withCorrelationId(attributes.get(RecordHeaders.CORRELATION_ID))
			.withCausationId(attributes.get(RecordHeaders.CAUSATION_ID));
		String dataVersion = attributes.getOrDefault(RecordHeaders.DATA_VERSION, "");
		if (VERSION.matcher(dataVersion).matches()) {
			event = event.withVersion(dataVersion);
			attributes.remove(RecordHeaders.DATA_VERSION);
		}
		event = placed(record, event, attributes.get(RecordHeaders.PARTITION_KEY));
		String time = attributes.get(RecordHeaders.TIME);
		if (time != null) {
			event = event.withTimestamp(time(time));
		}
		attributes.keySet().removeAll(KNOWN);
		return event.withMetadata(attributes).withMetadata(place(record));
	}

	private static Event<JsonNode> placed(ConsumerRecord<byte[], byte[]> record, Event<JsonNode> event,
			@Nullable String otherwise) {
		Event<JsonNode> placed = event.withKey((record.key() != null) ? key(record.key()) : otherwise)
			.withMetadata(place(record));
		if (record.timestamp() >= 0) {
			placed = placed.withTimestamp(Instant.ofEpochMilli(record.timestamp()));
		}
		return (record.value() != null) ? placed : placed.withMetadata(RecordHeaders.TOMBSTONE_METADATA, "true");
	}

	private static Map<String, String> place(ConsumerRecord<byte[], byte[]> record) {
		return Map.of(RecordHeaders.TOPIC_METADATA, record.topic(), RecordHeaders.PARTITION_METADATA,
				Integer.toString(record.partition()), RecordHeaders.OFFSET_METADATA, Long.toString(record.offset()));
	}

	/**
	 * A key that is not possible is replaced by one that is the same for the same key.
	 */
	private static @Nullable String key(byte[] key) {
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
			if (text.isEmpty()) {
				return null;
			}
			if (!text.isBlank() && text.length() <= MAX_KEY && text.indexOf('\0') < 0) {
				return text;
			}
		}
		catch (CharacterCodingException ex) {
			// binary
		}
		return UUID.nameUUIDFromBytes(key).toString();
	}

	/** A record without a value has empty data. */
	private static JsonNode data(ConsumerRecord<byte[], byte[]> record, String contentType) {
		if (record.value() == null) {
			return MAPPER.createObjectNode();
		}
		requireJson(contentType);
		return json(record.value());
	}

	private static void requireJson(String contentType) {
		if (!contentType.isEmpty() && !JSON_TYPE.matcher(contentType).matches()) {
			throw new UnreadableRecordException("its data is no JSON, for its content type is another");
		}
	}

	private static JsonNode json(byte[] bytes) {
		try {
			JsonNode json = MAPPER.readTree(bytes);
			if (!json.isMissingNode()) {
				return json;
			}
		}
		catch (JacksonException ex) {
			// its message quotes what it read
			throw new UnreadableRecordException("its value is no JSON");
		}
		throw new UnreadableRecordException("its value is empty, and so no JSON");
	}

	private static Instant time(String text) {
		try {
			return OffsetDateTime.parse(text).toInstant();
		}
		catch (DateTimeException ex) {
			throw new UnreadableRecordException("its time is none");
		}
	}

	private static String required(Map<String, String> attributes, String name) {
		String value = attributes.get(name);
		if (value == null || value.isEmpty()) {
			throw new UnreadableRecordException("it is a CloudEvent without " + name);
		}
		return value;
	}

	private static UUID named(String name) {
		return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
	}

	private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
		Header header = record.headers().lastHeader(name);
		return (header != null && header.value() != null) ? text(header.value()) : null;
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	/** Without parameters. */
	private static String mediaType(@Nullable String contentType) {
		if (contentType == null) {
			return "";
		}
		int end = contentType.indexOf(';');
		return ((end >= 0) ? contentType.substring(0, end) : contentType).trim().toLowerCase(Locale.ROOT);
	}

}
