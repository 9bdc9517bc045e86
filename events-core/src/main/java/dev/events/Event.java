package dev.events;

import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.function.Consumer;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened: an envelope around data. Immutable and safe to share between
 * threads, as long as the data is; data objects should be records or otherwise immutable,
 * because subscribers of one node may share them.
 *
 * <pre>{@code
 * events.publish(Event.of("task_manager:task_created", Map.of("taskId", 1))
 *     .withKey("task-1").withOrganization("acme").withUser("u-1"));
 * }</pre>
 *
 * @param <T> type of the data
 */
public final class Event<T> {

	/** Version of events that name none. */
	public static final String DEFAULT_VERSION = "1.0.0";

	private static final Pattern VERSION = Pattern.compile("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}");

	/** Earliest possible time of an event; every store holds it. */
	public static final Instant EARLIEST_TIMESTAMP = Instant.parse("0001-01-01T00:00:00Z");

	/** Latest possible time of an event; every store holds it. */
	public static final Instant LATEST_TIMESTAMP = Instant.parse("9999-12-31T23:59:59.999999Z");

	private static final NoArgGenerator IDS = Generators.timeBasedEpochGenerator();

	private final UUID id;

	private final String type;

	private final String version;

	private final String source;

	private final @Nullable String key;

	private final @Nullable String organization;

	private final @Nullable String user;

	private final @Nullable String correlationId;

	private final @Nullable String causationId;

	private final Instant timestamp;

	private final T data;

	private final Map<String, String> metadata;

	private Event(UUID id, String type, String version, String source, @Nullable String key,
			@Nullable String organization, @Nullable String user, @Nullable String correlationId,
			@Nullable String causationId, Instant timestamp, T data, Map<String, String> metadata) {
		this.id = id;
		this.type = type;
		this.version = version;
		this.source = source;
		this.key = key;
		this.organization = organization;
		this.user = user;
		this.correlationId = correlationId;
		this.causationId = causationId;
		this.timestamp = timestamp;
		this.data = data;
		this.metadata = metadata;
	}

	/**
	 * Creates an event from an object whose class carries {@link EventType}. Type,
	 * version and key come from the annotations.
	 * @param <T> type of the data
	 * @param data the data
	 * @return the event, with a new id and the present time
	 * @throws InvalidEventException when the data is {@code null} or its class has no
	 * valid {@link EventType}
	 */
	public static <T> Event<T> of(T data) {
		EventTypeDescriptor descriptor = EventTypeDescriptor.of(data);
		Event<T> event = of(descriptor.type(), data).withVersion(descriptor.version());
		return event.withKey(descriptor.key(data));
	}

	/**
	 * Creates an event of the given type.
	 * @param <T> type of the data
	 * @param type the logical name, for example {@code user.created}
	 * @param data the data: anything that Jackson can write as JSON
	 * @return the event, with a new id and the present time
	 * @throws InvalidEventException when the type is not a valid name or the data is
	 * {@code null}
	 */
	public static <T> Event<T> of(String type, T data) {
		return new Builder<>(EventPattern.requireTypeName(type), requireData(type, data)).build();
	}

	/**
	 * Makes an event with exactly these values, as one that was stored; for codecs.
	 * Applications use {@link #of(Object)} and {@link #of(String, Object)}.
	 */
	public static <T> Event<T> restore(UUID id, String type, String version, String source, @Nullable String key,
			@Nullable String organization, @Nullable String user, @Nullable String correlationId,
			@Nullable String causationId, Instant timestamp, T data, Map<String, String> metadata) {
		return new Event<>(id, type, version, source, key, organization, user, correlationId, causationId, timestamp,
				data, Map.copyOf(metadata));
	}

	/** Unique id, a time-ordered UUID unless the publisher chose another. */
	public UUID id() {
		return this.id;
	}

	/** Logical name, for example {@code user.created}. */
	public String type() {
		return this.type;
	}

	/** Version of the data's shape. */
	public String version() {
		return this.version;
	}

	/**
	 * Who published: the application's name or that of a publisher bound to a source.
	 * Empty until the event is published.
	 */
	public String source() {
		return this.source;
	}

	/** Ordering key, or {@code null} when the order does not matter. */
	public @Nullable String key() {
		return this.key;
	}

	/** Organization (tenant), or {@code null} when the event belongs to none. */
	public @Nullable String organization() {
		return this.organization;
	}

	/** User on whose behalf it happened, or {@code null}. */
	public @Nullable String user() {
		return this.user;
	}

	/**
	 * Shared by all events of one chain. Set when the event is published: inherited from
	 * the event being handled, else the event's own id.
	 */
	public @Nullable String correlationId() {
		return this.correlationId;
	}

	/** Id of the event whose handling published this one, or {@code null}. */
	public @Nullable String causationId() {
		return this.causationId;
	}

	/**
	 * When it happened, in UTC, with microseconds; from {@link #EARLIEST_TIMESTAMP} to
	 * {@link #LATEST_TIMESTAMP}.
	 */
	public Instant timestamp() {
		return this.timestamp;
	}

	/** What happened. */
	public T data() {
		return this.data;
	}

	/** Further strings, in no particular order; unmodifiable, never {@code null}. */
	public Map<String, String> metadata() {
		return this.metadata;
	}

	/** A copy with this id; for publishers that must not store the same event twice. */
	public Event<T> withId(UUID id) {
		return copy(values -> values.id = Objects.requireNonNull(id, "id"));
	}

	/**
	 * A copy with this type.
	 * @throws InvalidEventException when the name is not valid
	 */
	public Event<T> withType(String type) {
		return copy(values -> values.type = EventPattern.requireTypeName(type));
	}

	/**
	 * A copy with this version.
	 * @throws InvalidEventException when it is not of the form {@code major.minor.patch}
	 */
	public Event<T> withVersion(String version) {
		if (!VERSION.matcher(version).matches()) {
			throw new InvalidEventException("Version '%s' of event type '%s' is not of the form major.minor.patch, "
				.formatted(version, this.type) + "for example 1.0.0");
		}
		return copy(values -> values.version = version);
	}

	/** A copy with this source. */
	public Event<T> withSource(String source) {
		return copy(values -> values.source = requireText("source", source, 200));
	}

	/** A copy with this ordering key; {@code null} for none. */
	public Event<T> withKey(@Nullable String key) {
		return copy(values -> values.key = (key != null) ? requireText("key", key, 200) : null);
	}

	/** A copy that belongs to this organization; {@code null} for none. */
	public Event<T> withOrganization(@Nullable String organization) {
		return copy(values -> values.organization = (organization != null)
				? requireText("organization", organization, 200) : null);
	}

	/** A copy with this user; {@code null} for none. */
	public Event<T> withUser(@Nullable String user) {
		return copy(values -> values.user = (user != null) ? requireText("user", user, 200) : null);
	}

	/** A copy with this correlation id; {@code null} to have it set on publishing. */
	public Event<T> withCorrelationId(@Nullable String correlationId) {
		return copy(values -> values.correlationId = (correlationId != null)
				? requireText("correlationId", correlationId, 200) : null);
	}

	/** A copy with this causation id; {@code null} to have it set on publishing. */
	public Event<T> withCausationId(@Nullable String causationId) {
		return copy(values -> values.causationId = (causationId != null) ? requireText("causationId", causationId, 200)
				: null);
	}

	/**
	 * A copy with this time, truncated to microseconds.
	 * @throws InvalidEventException when it is not from {@link #EARLIEST_TIMESTAMP} to
	 * {@link #LATEST_TIMESTAMP}
	 */
	public Event<T> withTimestamp(Instant timestamp) {
		if (timestamp.isBefore(EARLIEST_TIMESTAMP) || micros(timestamp).isAfter(LATEST_TIMESTAMP)) {
			throw new InvalidEventException("The timestamp of an event of type '" + this.type + "' is " + timestamp
					+ "; it must be from " + EARLIEST_TIMESTAMP + " to " + LATEST_TIMESTAMP);
		}
		return copy(values -> values.timestamp = micros(timestamp));
	}

	/**
	 * A copy with other data; everything else, the type included, stays.
	 * @throws InvalidEventException when the data is {@code null}
	 */
	public <R> Event<R> withData(R data) {
		return new Builder<>(this, requireData(this.type, data)).build();
	}

	/** A copy with this entry added to the metadata, or replaced in it. */
	public Event<T> withMetadata(String name, String value) {
		return withMetadata(Map.of(name, value));
	}

	/** A copy with these entries added to the metadata, or replaced in it. */
	public Event<T> withMetadata(Map<String, String> entries) {
		Map<String, String> merged = new LinkedHashMap<>(this.metadata);
		entries.forEach((name, value) -> merged.put(requireText("metadata name", name, 200),
				requireNoNul("metadata value", value)));
		return copy(values -> values.metadata = Collections.unmodifiableMap(merged));
	}

	private Event<T> copy(Consumer<Builder<T>> change) {
		Builder<T> values = new Builder<>(this, this.data);
		change.accept(values);
		return values.build();
	}

	@SuppressWarnings("ConstantValue")
	private static <T> T requireData(String type, T data) {
		if (data == null) {
			throw new InvalidEventException("Event of type '" + type + "' has no data; "
					+ "for an event without details give an empty map: Event.of(\"" + type + "\", Map.of())");
		}
		return data;
	}

	private static String requireText(String name, String value, int maxLength) {
		if (value.isBlank()) {
			throw new InvalidEventException("The " + name + " of an event must not be blank");
		}
		if (value.length() > maxLength) {
			throw new InvalidEventException("The " + name + " of an event has " + value.length()
					+ " characters; at most " + maxLength + " are possible");
		}
		return requireNoNul(name, value);
	}

	private static String requireNoNul(String name, String value) {
		if (value.indexOf('\0') >= 0) {
			throw new InvalidEventException("The " + name + " of an event must not contain the NUL character");
		}
		return value;
	}

	private static Instant micros(Instant timestamp) {
		return timestamp.truncatedTo(java.time.temporal.ChronoUnit.MICROS);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof Event<?> that && this.id.equals(that.id) && this.type.equals(that.type)
				&& this.version.equals(that.version) && this.source.equals(that.source)
				&& Objects.equals(this.key, that.key) && Objects.equals(this.organization, that.organization)
				&& Objects.equals(this.user, that.user) && Objects.equals(this.correlationId, that.correlationId)
				&& Objects.equals(this.causationId, that.causationId) && this.timestamp.equals(that.timestamp)
				&& Objects.equals(this.data, that.data) && this.metadata.equals(that.metadata);
	}

	@Override
	public int hashCode() {
		return this.id.hashCode();
	}

	/** Names the event without showing its data, metadata or user. */
	@Override
	public String toString() {
		return "Event[" + this.type + ", id=" + this.id + ((this.key != null) ? ", key=" + this.key : "")
				+ (this.source.isEmpty() ? "" : ", source=" + this.source) + "]";
	}

	/** Mutable only while one event is being made; never leaves this class. */
	private static final class Builder<T> {

		private UUID id;

		private String type;

		private String version;

		private String source;

		private @Nullable String key;

		private @Nullable String organization;

		private @Nullable String user;

		private @Nullable String correlationId;

		private @Nullable String causationId;

		private Instant timestamp;

		private final T data;

		private Map<String, String> metadata;

		Builder(String type, T data) {
			this.id = IDS.generate();
			this.type = type;
			this.version = DEFAULT_VERSION;
			this.source = "";
			this.timestamp = micros(Clock.systemUTC().instant());
			this.data = data;
			this.metadata = Map.of();
		}

		Builder(Event<?> event, T data) {
			this.id = event.id;
			this.type = event.type;
			this.version = event.version;
			this.source = event.source;
			this.key = event.key;
			this.organization = event.organization;
			this.user = event.user;
			this.correlationId = event.correlationId;
			this.causationId = event.causationId;
			this.timestamp = event.timestamp;
			this.data = data;
			this.metadata = event.metadata;
		}

		Event<T> build() {
			return new Event<>(this.id, this.type, this.version, this.source, this.key, this.organization, this.user,
					this.correlationId, this.causationId, this.timestamp, this.data, this.metadata);
		}

	}

}
