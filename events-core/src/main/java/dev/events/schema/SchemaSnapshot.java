package dev.events.schema;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.events.EventSchema;
import dev.events.EventVersion;
import org.jspecify.annotations.Nullable;

/**
 * All schemas as they were known at a moment. Immutable.
 *
 * @param byType schemas by type and version
 */
record SchemaSnapshot(Map<String, Map<String, RegisteredSchema>> byType) {

	static final SchemaSnapshot EMPTY = new SchemaSnapshot(Map.of());

	static SchemaSnapshot of(List<RegisteredSchema> schemas) {
		Map<String, Map<String, RegisteredSchema>> byType = new HashMap<>();
		for (RegisteredSchema registered : schemas) {
			byType.computeIfAbsent(registered.schema().type(), (type) -> new HashMap<>())
				.put(registered.schema().version(), registered);
		}
		return new SchemaSnapshot(byType);
	}

	@Nullable Map<String, RegisteredSchema> versions(String type) {
		return this.byType.get(type);
	}

	@Nullable RegisteredSchema find(String type, String version) {
		Map<String, RegisteredSchema> versions = this.byType.get(type);
		return (versions != null) ? versions.get(version) : null;
	}

	/** The schemas of a type, the lowest version first. */
	List<EventSchema> ordered(String type) {
		return this.byType.getOrDefault(type, Map.of())
			.values()
			.stream()
			.map(RegisteredSchema::schema)
			.sorted(Comparator.comparing((schema) -> EventVersion.of(schema.version())))
			.toList();
	}

}
