package dev.events.codec;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

import dev.events.Event;
import dev.events.InvalidEventException;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns events into records with JSON data, and back. No class name is ever written or
 * read: the reader says which type it wants. Thread-safe.
 */
public final class EventCodec {

	private final JsonMapper mapper;

	private final ObjectReader typedReader;

	private final ObjectReader plainReader;

	private final int maxPayloadSize;

	/**
	 * Creates a codec.
	 * @param mapper how data is written and read
	 * @param maxPayloadSize largest data, in bytes of UTF-8
	 */
	public EventCodec(JsonMapper mapper, int maxPayloadSize) {
		this.mapper = mapper;
		this.maxPayloadSize = maxPayloadSize;
		// a newer publisher may add fields while older nodes still run
		this.typedReader = mapper.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
		// amounts of money must not become binary fractions
		this.plainReader = mapper.readerFor(Object.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
	}

	/**
	 * What is to be stored.
	 * @throws InvalidEventException when the data cannot be written or is too large
	 */
	public EventRecord encode(Event<?> event) {
		String correlationId = (event.correlationId() != null) ? event.correlationId() : event.id().toString();
		return new EventRecord(event.id(), event.type(), event.version(), event.source(), event.key(),
				event.organization(), event.user(), correlationId, event.causationId(), event.timestamp(),
				encodeData(event.type(), event.data()), event.metadata());
	}

	/**
	 * Data as JSON text.
	 * @throws InvalidEventException when it cannot be written, is the JSON value
	 * {@code null} or is too large
	 */
	public String encodeData(String type, Object data) {
		String json;
		try {
			json = this.mapper.writeValueAsString(data);
		}
		catch (JacksonException ex) {
			throw new InvalidEventException("The data of event type '" + type + "', a " + data.getClass().getName()
					+ ", cannot be written as JSON: " + ex.getOriginalMessage(), ex);
		}
		if (json.equals("null")) {
			throw new InvalidEventException("Event of type '" + type + "' has no data: it is written as null");
		}
		requireSize(type, json);
		return json;
	}

	private void requireSize(String type, String json) {
		// no character takes more than three bytes for each char
		if (json.length() <= this.maxPayloadSize / 3) {
			return;
		}
		int size = json.getBytes(StandardCharsets.UTF_8).length;
		if (size > this.maxPayloadSize) {
			throw new InvalidEventException(
					("The data of event type '%s' has %,d bytes as JSON; at most %,d are possible. Publish a "
							+ "reference to large data, or raise events.publish.max-payload-size")
						.formatted(type, size, this.maxPayloadSize));
		}
	}

	/**
	 * The event with data as plain maps, lists, strings, numbers and booleans.
	 * @throws InvalidEventException when the data is not JSON
	 */
	public Event<Object> decode(EventRecord stored) {
		return restore(stored, read(stored, this.plainReader, "JSON"));
	}

	/**
	 * The event with data of the given type.
	 * @throws InvalidEventException when the data is of another shape
	 */
	public Event<Object> decode(EventRecord stored, Type dataType) {
		if (dataType == Object.class) {
			return decode(stored);
		}
		JavaType javaType = this.mapper.getTypeFactory().constructType(dataType);
		return restore(stored, read(stored, this.typedReader.forType(javaType), javaType.toCanonical()));
	}

	/** The event with data as stored. */
	public static Event<String> raw(EventRecord stored) {
		return restore(stored, stored.data());
	}

	private static Object read(EventRecord stored, ObjectReader reader, String what) {
		try {
			Object data = reader.readValue(stored.data());
			return requireData(stored, data);
		}
		catch (JacksonException ex) {
			// the message of the exception may quote the data
			throw new InvalidEventException("The data of event " + stored.id() + " of type '" + stored.type()
					+ "' version " + stored.version() + " cannot be read as " + what + place(ex), ex);
		}
	}

	private static Object requireData(EventRecord stored, @Nullable Object data) {
		if (data == null) {
			throw new InvalidEventException("The data of event " + stored.id() + " is null");
		}
		return data;
	}

	private static String place(JacksonException ex) {
		StringBuilder path = new StringBuilder();
		ex.getPath()
			.forEach((reference) -> path.append('/')
				.append((reference.getPropertyName() != null) ? reference.getPropertyName() : reference.getIndex()));
		return path.isEmpty() ? "" : " at " + path;
	}

	private static <T> Event<T> restore(EventRecord stored, T data) {
		return Event.restore(stored.id(), stored.type(), stored.version(), stored.source(), stored.key(),
				stored.organization(), stored.user(), stored.correlationId(), stored.causationId(), stored.timestamp(),
				data, stored.metadata());
	}

}
