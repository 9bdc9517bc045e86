package dev.events;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What data of an event type looks like in one version: a JSON Schema (2020-12). As it is
 * built here, an object that has no other fields than those named. Immutable.
 *
 * <pre>{@code
 * EventSchema.of("user.registered", "1.0.0")
 *     .field("userId", UUID, required())
 *     .field("email", STRING, required(), format("email"))
 *     .object("address", (address) -> address.field("city", STRING, required()))
 *     .list("roles", STRING, min(1));
 * }</pre>
 */
public final class EventSchema {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private final String type;

	private final String version;

	private final JsonNode document;

	private EventSchema(String type, String version, JsonNode document) {
		this.type = type;
		this.version = version;
		this.document = document;
	}

	/**
	 * Begins a schema of an object without fields.
	 * @param type event type
	 * @param version as {@code major.minor.patch}
	 * @throws InvalidEventException when the type or the version is not valid
	 */
	public static EventSchema of(String type, String version) {
		ObjectNode document = JsonNodeFactory.instance.objectNode();
		document.put("type", "object");
		document.putObject("properties");
		document.put("additionalProperties", false);
		return of(type, version, document);
	}

	/**
	 * A schema that is written as JSON Schema (2020-12). References may only lead to
	 * another place of the same document, as {@code #/$defs/address}.
	 * @param type event type
	 * @param version as {@code major.minor.patch}
	 * @param json the document as JSON text
	 * @throws InvalidEventException when the type or the version is not valid
	 * @throws InvalidSchemaException when the document is not JSON, too large or deep, or
	 * has references that are not possible
	 */
	public static EventSchema parse(String type, String version, String json) {
		try {
			return of(type, version, MAPPER.readTree(json));
		}
		catch (JacksonException ex) {
			throw new InvalidSchemaException("The schema of '" + type + "' " + version + " is not JSON"
					+ ((ex.getLocation() != null) ? " in line " + ex.getLocation().getLineNr() : ""), ex);
		}
	}

	/** As {@link #parse}, of a tree. */
	public static EventSchema of(String type, String version, JsonNode document) {
		EventPattern.requireTypeName(type);
		EventVersion.of(version);
		SchemaDocument.require("The schema of '" + type + "' " + version, document);
		// as it will be read again, so that equal ones are equal
		return new EventSchema(type, version, MAPPER.readTree(document.toString()));
	}

	/** Event type. */
	public String type() {
		return this.type;
	}

	/** Version, as {@code major.minor.patch}. */
	public String version() {
		return this.version;
	}

	/** A copy of the document. */
	public JsonNode document() {
		return this.document.deepCopy();
	}

	/** The document as JSON text. */
	public String json() {
		return this.document.toString();
	}

	/** The same document as another version. */
	public EventSchema withVersion(String version) {
		return of(this.type, version, this.document);
	}

	/**
	 * With a field more, or another one of that name.
	 * @throws InvalidSchemaException when an option does not fit the type
	 */
	public EventSchema field(String name, FieldType type, FieldOption... options) {
		return with(name, type.schema(), options);
	}

	/**
	 * With a field more that is an object.
	 * @param fields adds fields to it
	 */
	public EventSchema object(String name, UnaryOperator<EventSchema> fields, FieldOption... options) {
		return with(name, nested(fields), options);
	}

	/** With a field more that is a list. */
	public EventSchema list(String name, FieldType elements, FieldOption... options) {
		return with(name, listOf(elements.schema()), options);
	}

	/**
	 * With a field more that is a list of objects.
	 * @param fields adds fields to the objects
	 */
	public EventSchema list(String name, UnaryOperator<EventSchema> fields, FieldOption... options) {
		return with(name, listOf(nested(fields)), options);
	}

	/**
	 * Allows other fields than those named. A later version can then add no field of a
	 * certain type without being incompatible: old data may have a field of that name.
	 */
	public EventSchema open() {
		ObjectNode changed = object();
		changed.remove("additionalProperties");
		return new EventSchema(this.type, this.version, changed);
	}

	private ObjectNode nested(UnaryOperator<EventSchema> fields) {
		return (ObjectNode) fields.apply(of(this.type, this.version)).document();
	}

	private static ObjectNode listOf(ObjectNode elements) {
		ObjectNode list = JsonNodeFactory.instance.objectNode();
		list.put("type", "array");
		list.set("items", elements);
		return list;
	}

	private EventSchema with(String name, ObjectNode field, FieldOption... options) {
		ObjectNode changed = object();
		boolean required = false;
		for (FieldOption option : options) {
			option.applyTo(field);
			required |= option.isRequired();
		}
		if (field.path("type").isArray() && field.get("enum") instanceof ArrayNode values) {
			values.addNull();
		}
		changed.withObjectProperty("properties").set(name, field);
		if (required) {
			changed.withArrayProperty("required").add(name);
		}
		return of(this.type, this.version, changed);
	}

	private ObjectNode object() {
		if (this.document.deepCopy() instanceof ObjectNode object) {
			return object;
		}
		throw new InvalidSchemaException("The schema of '" + this.type + "' has no fields: it is " + this.document);
	}

	/** Whether type, version and document are equal, the order of properties aside. */
	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof EventSchema that && this.type.equals(that.type)
				&& this.version.equals(that.version) && this.document.equals(that.document);
	}

	@Override
	public int hashCode() {
		return this.type.hashCode() * 31 + this.version.hashCode();
	}

	@Override
	public String toString() {
		return "EventSchema[" + this.type + " " + this.version + "]";
	}

}
