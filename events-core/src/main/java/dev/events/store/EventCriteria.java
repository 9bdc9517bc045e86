package dev.events.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.events.EventPattern;
import org.jspecify.annotations.Nullable;

/**
 * Which events; all conditions must hold, {@code null} and empty ones hold always.
 *
 * @param types one of these patterns matches
 * @param source source
 * @param key ordering key
 * @param organization organization
 * @param correlationId correlation id
 * @param since timestamp not before
 * @param until timestamp before
 * @param metadata all of these entries are there
 * @param newestFirst highest position first
 * @param beyond only positions beyond this one in the given direction, or {@code null}
 */
public record EventCriteria(List<EventPattern> types, @Nullable String source, @Nullable String key,
		@Nullable String organization, @Nullable String correlationId, @Nullable Instant since, @Nullable Instant until,
		Map<String, String> metadata, boolean newestFirst, @Nullable Long beyond) {

	/** Every event, in log order. */
	public static final EventCriteria ALL = new EventCriteria(List.of(), null, null, null, null, null, null, Map.of(),
			false, null);

	/** The same beyond a position. */
	public EventCriteria beyond(@Nullable Long position) {
		return new EventCriteria(this.types, this.source, this.key, this.organization, this.correlationId, this.since,
				this.until, this.metadata, this.newestFirst, position);
	}

	/** The same, in log order. */
	public EventCriteria oldestFirst() {
		return new EventCriteria(this.types, this.source, this.key, this.organization, this.correlationId, this.since,
				this.until, this.metadata, false, this.beyond);
	}

	/** The same, highest position first, only below a position. */
	public EventCriteria newestBelow(long position) {
		return new EventCriteria(this.types, this.source, this.key, this.organization, this.correlationId, this.since,
				this.until, this.metadata, true, position);
	}

	/** The same, with this key. */
	public EventCriteria withKey(String key) {
		return new EventCriteria(this.types, this.source, key, this.organization, this.correlationId, this.since,
				this.until, this.metadata, this.newestFirst, this.beyond);
	}

	/** Whether an event meets the criteria, its position aside. */
	public boolean matches(EventRecord event) {
		return (this.types.isEmpty() || this.types.stream().anyMatch((type) -> type.matches(event.type())))
				&& (this.source == null || this.source.equals(event.source()))
				&& (this.key == null || this.key.equals(event.key()))
				&& (this.organization == null || this.organization.equals(event.organization()))
				&& (this.correlationId == null || this.correlationId.equals(event.correlationId()))
				&& (this.since == null || !event.timestamp().isBefore(this.since))
				&& (this.until == null || event.timestamp().isBefore(this.until))
				&& event.metadata().entrySet().containsAll(this.metadata.entrySet());
	}

}
