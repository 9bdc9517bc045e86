package dev.events.store;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored: the envelope, with data as JSON text.
 *
 * @param id unique id
 * @param type logical name
 * @param version version of the data's shape
 * @param source who published it
 * @param key ordering key, or {@code null}
 * @param organization organization, or {@code null}
 * @param user user, or {@code null}
 * @param correlationId id shared by a chain of events
 * @param causationId id of the event that caused it, or {@code null}
 * @param timestamp when it happened, with microseconds; at least the years 1 to 9999 are
 * possible in every store
 * @param data JSON text; a store gives it back character for character
 * @param metadata further strings
 */
public record EventRecord(UUID id, String type, String version, String source, @Nullable String key,
		@Nullable String organization, @Nullable String user, String correlationId, @Nullable String causationId,
		Instant timestamp, String data, Map<String, String> metadata) {

	/** A copy with other data. */
	public EventRecord withData(String data) {
		return new EventRecord(this.id, this.type, this.version, this.source, this.key, this.organization, this.user,
				this.correlationId, this.causationId, this.timestamp, data, this.metadata);
	}

	/** A copy with other metadata. */
	public EventRecord withMetadata(Map<String, String> metadata) {
		return new EventRecord(this.id, this.type, this.version, this.source, this.key, this.organization, this.user,
				this.correlationId, this.causationId, this.timestamp, this.data, metadata);
	}

}
