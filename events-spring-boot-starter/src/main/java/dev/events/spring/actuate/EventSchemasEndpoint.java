package dev.events.spring.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.events.EventBus;
import dev.events.EventSchema;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows the schemas of event types. Thread-safe.
 */
@Endpoint(id = "eventschemas")
public class EventSchemasEndpoint {

	private final EventBus bus;

	/**
	 * Creates the endpoint.
	 * @param bus whose schemas to show
	 */
	public EventSchemasEndpoint(EventBus bus) {
		this.bus = bus;
	}

	/** Which types have schemas of which versions. */
	@ReadOperation
	public SchemasDescriptor schemas() {
		Map<String, List<String>> types = new LinkedHashMap<>();
		this.bus.schemas()
			.list()
			.forEach((schema) -> types.merge(schema.type(), List.of(schema.version()),
					(versions, next) -> Stream.concat(versions.stream(), next.stream()).toList()));
		return new SchemasDescriptor(types, this.bus.schemas().violations());
	}

	/**
	 * The schemas of a type.
	 * @param type an event type
	 * @return {@code null} when it has none
	 */
	@ReadOperation
	public @Nullable TypeDescriptor schemas(@Selector String type) {
		Map<String, Object> versions = new LinkedHashMap<>();
		for (EventSchema schema : this.bus.schemas().versions(type)) {
			versions.put(schema.version(), schema.document());
		}
		return versions.isEmpty() ? null : new TypeDescriptor(type, versions);
	}

	/**
	 * Which schemas there are.
	 *
	 * @param types versions by type, the lowest first
	 * @param violations events of this node since it started that did not fit
	 */
	public record SchemasDescriptor(Map<String, List<String>> types, long violations) {

	}

	/**
	 * Schemas of one type.
	 *
	 * @param type the type
	 * @param versions JSON Schema documents by version, the lowest first
	 */
	public record TypeDescriptor(String type, Map<String, Object> versions) {

	}

}
