package dev.events.test.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes event records for tests of stores. Each has a new id and the present time unless
 * told otherwise.
 *
 * <pre>{@code
 * EventRecord event = EventRecords.event("user.created").key("user-1").organization("acme").build();
 * }</pre>
 */
public final class EventRecords {

	private static final AtomicLong IDS = new AtomicLong(Instant.now().toEpochMilli());

	private EventRecords() {
	}

	/** A builder for an event of this type, without key. */
	public static Builder event(String type) {
		return new Builder(type);
	}

	/** An event of this type with this key, or none if it is {@code null}. */
	public static EventRecord event(String type, @Nullable String key) {
		return event(type).key(key).build();
	}

	/** So many events of one type, without keys. */
	public static List<EventRecord> events(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> event("test.happened").data("{\"i\":" + i + "}").build())
			.toList();
	}

	/** A time-ordered UUID, greater than all that were made before in this process. */
	public static UUID nextId() {
		return new UUID(IDS.incrementAndGet() << 16 | 0x7000, 0x8000_0000_0000_0000L);
	}

	/**
	 * An event in the making. Not thread-safe.
	 */
	public static final class Builder {

		private final String type;

		private final Map<String, String> metadata = new HashMap<>();

		private UUID id = nextId();

		private String source = "test";

		private @Nullable String key;

		private @Nullable String organization;

		private @Nullable String correlationId;

		private Instant timestamp = Instant.now();

		private String data = "{}";

		private Builder(String type) {
			this.type = type;
		}

		/** With this id. */
		public Builder id(UUID id) {
			this.id = id;
			return this;
		}

		/** With this source; {@code test} by default. */
		public Builder source(String source) {
			this.source = source;
			return this;
		}

		/** With this ordering key, or none. */
		public Builder key(@Nullable String key) {
			this.key = key;
			return this;
		}

		/** Of this organization, or none. */
		public Builder organization(@Nullable String organization) {
			this.organization = organization;
			return this;
		}

		/** With this correlation id; the event's own id by default. */
		public Builder correlationId(String correlationId) {
			this.correlationId = correlationId;
			return this;
		}

		/** At this time, truncated to microseconds. */
		public Builder timestamp(Instant timestamp) {
			this.timestamp = timestamp;
			return this;
		}

		/** With this JSON text; <code>{}</code> by default. */
		public Builder data(String data) {
			this.data = data;
			return this;
		}

		/** With this entry in the metadata. */
		public Builder metadata(String name, String value) {
			this.metadata.put(name, value);
			return this;
		}

		/** The event. */
		public EventRecord build() {
			String correlation = (this.correlationId != null) ? this.correlationId : this.id.toString();
			return new EventRecord(this.id, this.type, "1.0.0", this.source, this.key, this.organization, null,
					correlation, null, this.timestamp.truncatedTo(ChronoUnit.MICROS), this.data,
					Map.copyOf(this.metadata));
		}

	}

}
