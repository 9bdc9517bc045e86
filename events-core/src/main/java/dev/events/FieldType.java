package dev.events;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Types of the fields of an {@link EventSchema}.
 */
public enum FieldType {

	/** Text. */
	STRING("string", null),

	/** A whole number. */
	INTEGER("integer", null),

	/** A number. */
	NUMBER("number", null),

	/** {@code true} or {@code false}. */
	BOOLEAN("boolean", null),

	/** Text that is a UUID. */
	UUID("string", "uuid"),

	/** Text that is a date, as {@code 2026-01-31}. */
	DATE("string", "date"),

	/** Text that is a time with its zone, as {@code 2026-01-31T12:00:00Z}. */
	DATE_TIME("string", "date-time"),

	/** Any JSON value. */
	ANY(null, null);

	private final @Nullable String type;

	private final @Nullable String format;

	FieldType(@Nullable String type, @Nullable String format) {
		this.type = type;
		this.format = format;
	}

	ObjectNode schema() {
		ObjectNode schema = JsonNodeFactory.instance.objectNode();
		if (this.type != null) {
			schema.put("type", this.type);
		}
		if (this.format != null) {
			schema.put("format", this.format);
		}
		return schema;
	}

}
