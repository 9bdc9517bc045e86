package dev.events;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What else is said about a field of an {@link EventSchema} than its type. To be imported
 * statically.
 */
public final class FieldOption {

	private final boolean required;

	private final Change change;

	private FieldOption(boolean required, Change change) {
		this.required = required;
		this.change = change;
	}

	private static FieldOption of(Change change) {
		return new FieldOption(false, change);
	}

	/** It must be there. */
	public static FieldOption required() {
		return new FieldOption(true, (schema) -> {
		});
	}

	/** It may be {@code null}. */
	public static FieldOption nullable() {
		return of((schema) -> {
			JsonNode type = schema.path("type");
			if (type.isString()) {
				schema.putArray("type").add(type).add("null");
			}
		});
	}

	/**
	 * What a generated migration gives it where it is missing; validation fills in
	 * nothing.
	 * @param value a string, number or boolean
	 */
	public static FieldOption defaultValue(Object value) {
		JsonNode node = node(value);
		return of((schema) -> schema.set("default", node));
	}

	/**
	 * It is one of these.
	 * @param values strings, numbers or booleans
	 */
	public static FieldOption oneOf(Object... values) {
		List<JsonNode> nodes = Arrays.stream(values).map(FieldOption::node).toList();
		return of((schema) -> schema.putArray("enum").addAll(nodes));
	}

	/** The text has a format of JSON Schema, for example {@code email} or {@code uri}. */
	public static FieldOption format(String format) {
		return of((schema) -> schema.put("format", format));
	}

	/** The text matches a regular expression somewhere. */
	public static FieldOption pattern(String pattern) {
		return of((schema) -> schema.put("pattern", pattern));
	}

	/** Smallest number, fewest characters of a text or fewest elements of a list. */
	public static FieldOption min(long min) {
		return of((schema) -> schema.put(bound(schema, "min"), min));
	}

	/** Largest number, most characters of a text or most elements of a list. */
	public static FieldOption max(long max) {
		return of((schema) -> schema.put(bound(schema, "max"), max));
	}

	/** What it is, for people. */
	public static FieldOption description(String description) {
		return of((schema) -> schema.put("description", description));
	}

	boolean isRequired() {
		return this.required;
	}

	void applyTo(ObjectNode schema) {
		this.change.applyTo(schema);
	}

	private static String bound(ObjectNode schema, String which) {
		JsonNode type = schema.path("type");
		return switch (type.isArray() ? type.get(0).asString() : type.asString("")) {
			case "string" -> which + "Length";
			case "array" -> which + "Items";
			case "integer", "number" -> which + "imum";
			default -> throw new InvalidSchemaException(
					which + "(…) is for numbers, texts and lists; the field is of type " + type);
		};
	}

	private static JsonNode node(Object value) {
		JsonNodeFactory nodes = JsonNodeFactory.instance;
		if (value instanceof String text) {
			return nodes.stringNode(text);
		}
		if (value instanceof Boolean flag) {
			return nodes.booleanNode(flag);
		}
		if (value instanceof Integer || value instanceof Long) {
			return nodes.numberNode(((Number) value).longValue());
		}
		if (value instanceof Number number) {
			return nodes.numberNode(new BigDecimal(number.toString()));
		}
		if (value instanceof ArrayNode || value instanceof ObjectNode) {
			return ((JsonNode) value).deepCopy();
		}
		throw new InvalidSchemaException(
				"A value of a schema must be a string, a number or a boolean, not a " + value.getClass().getName());
	}

	private interface Change {

		void applyTo(ObjectNode schema);

	}

}
