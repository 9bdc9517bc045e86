package dev.events;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A schema is not compatible with another version of its type; it was not registered.
 */
public class IncompatibleSchemaException extends InvalidSchemaException {

	private static final long serialVersionUID = 1L;

	private final transient List<SchemaDifference> differences;

	/**
	 * Creates an exception.
	 * @param schema the schema that was refused
	 * @param other version that it is not compatible with
	 * @param compatibility what was wanted
	 * @param differences what stands against it
	 */
	public IncompatibleSchemaException(EventSchema schema, String other, SchemaCompatibility compatibility,
			List<SchemaDifference> differences) {
		super("Schema '%s' %s is not compatible (%s) with %s:%s\nKeep it compatible, add an upcaster from %s to %s, or register it with compatibility NONE"
			.formatted(schema.type(), schema.version(), compatibility, other,
					differences.stream().map((difference) -> "\n- " + difference).collect(Collectors.joining()), other,
					schema.version()));
		this.differences = List.copyOf(differences);
	}

	/** Everything that stands against it. */
	public List<SchemaDifference> differences() {
		return this.differences;
	}

}
