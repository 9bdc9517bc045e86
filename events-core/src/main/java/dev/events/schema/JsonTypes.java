package dev.events.schema;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/**
 * Types of JSON values as schemas name them. Numbers are told apart as integers and
 * fractions, so that the types of a schema are a set in which nothing overlaps.
 */
final class JsonTypes {

	static final String FRACTION = "number that is no integer";

	private static final Set<String> ALL = Set.of("null", "boolean", "object", "array", "string", "integer", FRACTION);

	private JsonTypes() {
	}

	/** Which types a schema allows. */
	static Set<String> of(JsonNode schema) {
		JsonNode type = schema.path("type");
		if (type.isMissingNode()) {
			return ALL;
		}
		Set<String> types = new LinkedHashSet<>();
		if (type.isArray()) {
			type.forEach((one) -> add(types, one.asString("")));
		}
		else {
			add(types, type.asString(""));
		}
		return types;
	}

	private static void add(Set<String> types, String name) {
		if (name.equals("number")) {
			types.add("integer");
			types.add(FRACTION);
		}
		else {
			types.add(name);
		}
	}

	/** Which type a value is of. */
	static String ofValue(JsonNode value) {
		return switch (value.getNodeType()) {
			case NUMBER -> isIntegral(value) ? "integer" : FRACTION;
			case BOOLEAN -> "boolean";
			case STRING -> "string";
			case ARRAY -> "array";
			case OBJECT -> "object";
			default -> "null";
		};
	}

	private static boolean isIntegral(JsonNode value) {
		if (value.isIntegralNumber()) {
			return true;
		}
		BigDecimal number = value.decimalValue();
		return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
	}

}
