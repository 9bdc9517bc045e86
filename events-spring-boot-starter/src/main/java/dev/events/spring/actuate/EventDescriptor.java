package dev.events.spring.actuate;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.events.ErasedData;
import dev.events.Event;
import dev.events.encryption.EventEncryption;
import org.jspecify.annotations.Nullable;

/**
 * An event as endpoints show it.
 *
 * @param id unique id
 * @param type logical name
 * @param version version of the data's shape
 * @param source who published it
 * @param key ordering key, or {@code null}
 * @param organization organization, or {@code null}
 * @param correlationId id shared by a chain of events
 * @param causationId id of the event that caused it, or {@code null}
 * @param timestamp when it happened
 * @param user user, or {@code null}, also when payloads are not shown
 * @param data data, or {@code null} when payloads are not shown; what is stored encrypted
 * is never shown
 * @param metadata further strings, or {@code null} when payloads are not shown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventDescriptor(UUID id, String type, String version, String source, @Nullable String key,
		@Nullable String organization, @Nullable String correlationId, @Nullable String causationId, Instant timestamp,
		@Nullable String user, @Nullable Object data, @Nullable Map<String, String> metadata) {

	static EventDescriptor of(Event<?> event, boolean show) {
		return new EventDescriptor(event.id(), event.type(), event.version(), event.source(), event.key(),
				event.organization(), event.correlationId(), event.causationId(), event.timestamp(),
				show ? event.user() : null, show ? data(event) : null, show ? event.metadata() : null);
	}

	private static Object data(Event<?> event) {
		boolean hidden = event.metadata().containsKey(EventEncryption.METADATA)
				&& !(event.data() instanceof ErasedData);
		return hidden ? Map.of("encrypted", true) : event.data();
	}

}
