package dev.events.codec;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.events.EncryptedEventException;
import dev.events.ErasedData;
import dev.events.Event;
import dev.events.EventUpcaster;
import dev.events.InvalidEventException;
import dev.events.SubjectErasedException;
import dev.events.UpcastException;
import dev.events.encryption.DataShape;
import dev.events.encryption.DataWriter;
import dev.events.encryption.DataWriter.Written;
import dev.events.encryption.EventEncryption;
import dev.events.store.EventRecord;
import dev.events.upcast.Upcasters;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns events into records with JSON data, and back. No class name is ever written or
 * read: the reader says which type it wants. Thread-safe.
 */
public final class EventCodec {

	private static final int MAX_READERS = 1000;

	private final JsonMapper mapper;

	private final DataWriter writer;

	private final ObjectReader typedReader;

	// by type; those are of subscribers, and few
	private final Map<Type, TypedReader> typedReaders = new ConcurrentHashMap<>();

	private final ObjectReader plainReader;

	private final ObjectReader treeReader;

	private final int maxPayloadSize;

	private final Upcasters upcasters;

	private final EventEncryption encryption;

	/**
	 * Creates a codec.
	 * @param mapper how data is written and read
	 * @param maxPayloadSize largest data, in bytes of UTF-8
	 * @param upcasters bring what is read into the shape that is asked for
	 * @param encryption encrypts what is stored, and decrypts what is read
	 */
	public EventCodec(JsonMapper mapper, int maxPayloadSize, Upcasters upcasters, EventEncryption encryption) {
		this.mapper = mapper;
		this.writer = new DataWriter(mapper);
		this.maxPayloadSize = maxPayloadSize;
		this.upcasters = upcasters;
		this.encryption = encryption;
		// a newer publisher may add fields while older nodes still run
		this.typedReader = mapper.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
		// amounts of money must not become binary fractions
		this.plainReader = mapper.readerFor(Object.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
		this.treeReader = mapper.readerFor(JsonNode.class)
			.with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
			.without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
	}

	/**
	 * The event with data as JSON, nothing of it encrypted.
	 * @throws InvalidEventException when the data cannot be written or is too large
	 */
	public Encoded encode(Event<?> event) {
		String correlationId = (event.correlationId() != null) ? event.correlationId() : event.id().toString();
		Written data = write(event.type(), event.data());
		return new Encoded(new EventRecord(event.id(), event.type(), event.version(), event.source(), event.key(),
				event.organization(), event.user(), correlationId, event.causationId(), event.timestamp(), data.json(),
				EventEncryption.unmarked(event.metadata())), data.shape());
	}

	/**
	 * What is to be stored of an encoded event: encrypted, as far as it is to be.
	 * @throws InvalidEventException when it cannot be encrypted, or is too large then
	 */
	public EventRecord seal(Encoded encoded) {
		EventRecord sealed = this.encryption.seal(encoded.record(), encoded.shape());
		if (sealed != encoded.record()) {
			requireSize(sealed.type(), sealed.data(), "encrypted ");
		}
		return sealed;
	}

	/**
	 * Whether errors at an event that is to be published may be shown with their
	 * messages: they may quote its data, so not when some of it is going to be encrypted.
	 * @param dataType class of the object that its data is written from
	 */
	public boolean isQuotable(String type, Class<?> dataType) {
		try {
			return !this.encryption.encrypts(type, dataType);
		}
		catch (InvalidEventException ex) {
			// encrypted in a way that is not possible
			return false;
		}
	}

	/**
	 * What is to be stored of new data for an event that is stored already: encrypted, as
	 * far as the stored data is.
	 * @param data the data, checked
	 * @throws InvalidEventException when it cannot be encrypted, or is too large then
	 */
	public String sealData(EventRecord stored, Written data) {
		String sealed = this.encryption.reseal(stored, data.json(), data.shape());
		requireSize(stored.type(), sealed, "encrypted ");
		return sealed;
	}

	/**
	 * Data as JSON text.
	 * @throws InvalidEventException when it cannot be written, is the JSON value
	 * {@code null} or is too large
	 */
	public Written write(String type, Object data) {
		Written written;
		try {
			written = this.writer.write(data);
		}
		catch (JacksonException ex) {
			throw new InvalidEventException("The data of event type '" + type + "', a " + data.getClass().getName()
					+ ", cannot be written as JSON: " + ex.getOriginalMessage(), ex);
		}
		if (written.json().equals("null")) {
			throw new InvalidEventException("Event of type '" + type + "' has no data: it is written as null");
		}
		requireSize(type, written.json(), "");
		return written;
	}

	private void requireSize(String type, String json, String how) {
		// no character takes more than three bytes for each char
		if (json.length() <= this.maxPayloadSize / 3) {
			return;
		}
		int size = json.getBytes(StandardCharsets.UTF_8).length;
		if (size > this.maxPayloadSize) {
			throw new InvalidEventException(
					("The data of event type '%s' has %,d bytes as %sJSON; at most %,d are possible. Publish a "
							+ "reference to large data, or raise events.publish.max-payload-size")
						.formatted(type, size, how, this.maxPayloadSize));
		}
	}

	/**
	 * The event with data as plain maps, lists, strings, numbers and booleans, in the
	 * newest shape that its upcasters give.
	 * @throws InvalidEventException when the data is not JSON, or cannot be decrypted
	 * @throws UpcastException when an upcaster fails
	 */
	public Event<Object> decode(EventRecord stored) {
		return decode(this.encryption.open(stored, null), this.plainReader, "JSON", path(stored, Object.class));
	}

	/** As {@link #decode(EventRecord)}, with {@link ErasedData} where that is so. */
	public Event<Object> decodeOrErased(EventRecord stored) {
		try {
			return decode(stored);
		}
		catch (SubjectErasedException ex) {
			return restore(stored, ErasedData.INSTANCE);
		}
	}

	/**
	 * The event with data of the given type, in the shape that the type wants: see
	 * {@link Upcasters#path}. Asked for an {@link EventRecord}, it gives the record, for
	 * those who know only later how to read it.
	 * @throws InvalidEventException when the data is of another shape, or cannot be
	 * decrypted
	 * @throws UpcastException when an upcaster is missing or fails
	 */
	public Event<Object> decode(EventRecord stored, Type dataType) {
		if (dataType == Object.class) {
			return decode(stored);
		}
		if (dataType == EventRecord.class) {
			return restore(stored, stored);
		}
		if (dataType == JsonNode.class) {
			return decode(this.encryption.open(stored, null), this.treeReader, "JSON", path(stored, Object.class));
		}
		TypedReader reader = reader(dataType);
		return decode(this.encryption.open(stored, reader.type.getRawClass()), reader.reader, reader.name,
				path(stored, dataType));
	}

	/** Whether data is read as that type without upcasters. */
	public boolean isCurrent(EventRecord stored, Type dataType) {
		return path(stored, dataType).isEmpty();
	}

	private List<EventUpcaster> path(EventRecord stored, Type dataType) {
		return this.upcasters.path(stored.type(), stored.version(), dataType);
	}

	private TypedReader reader(Type dataType) {
		TypedReader known = this.typedReaders.get(dataType);
		if (known != null) {
			return known;
		}
		JavaType javaType = this.mapper.getTypeFactory().constructType(dataType);
		TypedReader reader = new TypedReader(javaType, javaType.toCanonical(), this.typedReader.forType(javaType));
		if (this.typedReaders.size() < MAX_READERS) {
			this.typedReaders.put(dataType, reader);
		}
		return reader;
	}

	private Event<Object> decode(EventRecord stored, ObjectReader reader, String what, List<EventUpcaster> path) {
		if (path.isEmpty()) {
			return restore(stored, read(stored, what, () -> reader.readValue(stored.data())));
		}
		Event<JsonNode> event = restore(stored, read(stored, "JSON", () -> tree(stored.data())));
		for (EventUpcaster upcaster : path) {
			event = upcast(event, upcaster, EventEncryption.isEncrypted(stored));
		}
		JsonNode data = event.data();
		return restore(stored, event.version(), read(stored, what, () -> reader.readValue(data)));
	}

	/** JSON text as a tree; numbers stay as exact as they are written. */
	public JsonNode tree(String json) {
		return this.treeReader.readValue(json);
	}

	private static Event<JsonNode> upcast(Event<JsonNode> event, EventUpcaster upcaster, boolean encrypted) {
		try {
			JsonNode data = Objects.requireNonNull(upcaster.upcast(event), "upcasted data");
			return event.withData(data).withVersion(upcaster.toVersion());
		}
		catch (RuntimeException ex) {
			// its message may quote the data
			throw new UpcastException(
					"The upcaster of '%s' from %s to %s failed on event %s: %s".formatted(event.type(),
							upcaster.fromVersion(), upcaster.toVersion(), event.id(), ex.getClass().getSimpleName()),
					encrypted ? null : ex);
		}
	}

	/** The event with data as stored. */
	public static Event<String> raw(EventRecord stored) {
		return restore(stored, stored.data());
	}

	private static <T> T read(EventRecord stored, String what, Supplier<@Nullable T> reader) {
		try {
			return requireData(stored, reader.get());
		}
		catch (JacksonException ex) {
			// the message of the exception may quote the data
			String message = "The data of event " + stored.id() + " of type '" + stored.type() + "' version "
					+ stored.version() + " cannot be read as " + what + place(ex, EventEncryption.isEncrypted(stored));
			throw EventEncryption.isEncrypted(stored) ? new EncryptedEventException(message)
					: new InvalidEventException(message, ex);
		}
	}

	private static <T> T requireData(EventRecord stored, @Nullable T data) {
		if (data == null) {
			throw new InvalidEventException("The data of event " + stored.id() + " is null");
		}
		return data;
	}

	private static String place(JacksonException ex, boolean encrypted) {
		StringBuilder path = new StringBuilder();
		ex.getPath().forEach((reference) -> path.append('/').append(segment(reference, encrypted)));
		return path.isEmpty() ? "" : " at " + path;
	}

	/** Names of properties stand in classes, but the keys of a map are data. */
	private static String segment(JacksonException.Reference reference, boolean encrypted) {
		String name = reference.getPropertyName();
		if (name == null) {
			return Integer.toString(reference.getIndex());
		}
		Object from = reference.from();
		boolean isKey = from == null || from instanceof Map
				|| from instanceof Class<?> type && Map.class.isAssignableFrom(type);
		return (encrypted && isKey) ? "*" : name;
	}

	private static <T> Event<T> restore(EventRecord stored, T data) {
		return restore(stored, stored.version(), data);
	}

	private static <T> Event<T> restore(EventRecord stored, String version, T data) {
		return Event.restore(stored.id(), stored.type(), version, stored.source(), stored.key(), stored.organization(),
				stored.user(), stored.correlationId(), stored.causationId(), stored.timestamp(), data,
				stored.metadata());
	}

	/**
	 * An event with its data as JSON, nothing of it encrypted.
	 *
	 * @param record the event
	 * @param shape what was met when its data was written
	 */
	public record Encoded(EventRecord record, DataShape shape) {

	}

	/** How a type is read. */
	private record TypedReader(JavaType type, String name, ObjectReader reader) {

	}

}
