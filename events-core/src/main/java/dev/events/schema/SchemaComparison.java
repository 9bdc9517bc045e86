package dev.events.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.events.EventSchema;
import dev.events.SchemaDifference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/**
 * Whether all data that is valid by one schema, the narrow one, is valid by another, the
 * wide one. Says so only where it is certain: each assertion of the wide schema must
 * follow from one of the narrow schema. For one thread, one comparison.
 */
final class SchemaComparison {

	private static final Set<String> ANNOTATIONS = Set.of("title", "description", "default", "examples", "deprecated",
			"readOnly", "writeOnly", "$comment", "$schema", "$defs", "definitions");

	private static final Set<String> UNDERSTOOD = Set.of("type", "enum", "const", "properties", "required",
			"additionalProperties", "items", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength",
			"maxLength", "minItems", "maxItems", "uniqueItems", "format", "pattern", "multipleOf");

	// whose meaning depends on their neighbours
	private static final Set<String> DEPENDENT = Set.of("patternProperties", "prefixItems", "unevaluatedProperties",
			"unevaluatedItems", "$ref");

	private static final JsonNode ANYTHING = BooleanNode.TRUE;

	private final JsonNode narrowRoot;

	private final JsonNode wideRoot;

	private final List<SchemaDifference> differences = new ArrayList<>();

	// pairs of references that are being compared: to assume that they fit is right
	// unless something else does not
	private final Set<Pair> followed = new LinkedHashSet<>();

	SchemaComparison(JsonNode narrowRoot, JsonNode wideRoot) {
		this.narrowRoot = narrowRoot;
		this.wideRoot = wideRoot;
	}

	/** Everything that stands against data of the one being valid by the other. */
	static List<SchemaDifference> of(EventSchema narrow, EventSchema wide) {
		JsonNode narrowRoot = narrow.document();
		JsonNode wideRoot = wide.document();
		return narrowRoot.equals(wideRoot) ? List.of()
				: new SchemaComparison(narrowRoot, wideRoot).differences(narrowRoot, wideRoot, "");
	}

	/** As {@link #of}, for parts of the two schemas. */
	List<SchemaDifference> differences(JsonNode narrow, JsonNode wide, String path) {
		compare(narrow, wide, path);
		return this.differences.stream().distinct().toList();
	}

	private void report(String path, String reason) {
		this.differences.add(new SchemaDifference(path, reason));
	}

	private void compare(JsonNode narrow, JsonNode wide, String path) {
		if (isFalse(narrow) || isAnything(wide)) {
			return;
		}
		if (isFalse(wide)) {
			report(path, "is not allowed any more");
			return;
		}
		if (narrow.has("$ref") || wide.has("$ref")) {
			compareReferences(narrow, wide, path);
		}
		else if (!narrow.equals(wide) || containsReference(narrow)) {
			compareAssertions(narrow, wide, path);
		}
	}

	private static boolean isFalse(JsonNode schema) {
		return schema.isBoolean() && !schema.booleanValue();
	}

	private static boolean isAnything(JsonNode schema) {
		return schema.isBoolean() ? schema.booleanValue() : ANNOTATIONS.containsAll(schema.propertyNames());
	}

	private static boolean containsReference(JsonNode node) {
		return node.has("$ref") || node.valueStream().anyMatch(SchemaComparison::containsReference);
	}

	private void compareReferences(JsonNode narrow, JsonNode wide, String path) {
		if (!isAlone(narrow) || !isAlone(wide)) {
			report(path, "cannot be judged: $ref stands beside other keywords");
			return;
		}
		Pair pair = new Pair(target(narrow, this.narrowRoot), target(wide, this.wideRoot));
		if (this.followed.add(pair)) {
			compare(pair.narrow, pair.wide, path);
		}
	}

	private static boolean isAlone(JsonNode schema) {
		return !schema.has("$ref") || schema.propertyNames()
			.stream()
			.allMatch((keyword) -> keyword.equals("$ref") || ANNOTATIONS.contains(keyword));
	}

	private static JsonNode target(JsonNode schema, JsonNode root) {
		JsonNode target = schema;
		while (target.has("$ref") && isAlone(target)) {
			target = root.at(JsonPointer.compile(target.path("$ref").asString("").substring(1)));
		}
		return target;
	}

	private void compareAssertions(JsonNode narrow, JsonNode wide, String path) {
		if (!isJudged(narrow, wide, path)) {
			return;
		}
		Set<String> types = new LinkedHashSet<>(JsonTypes.of(narrow));
		List<JsonNode> values = values(narrow);
		if (!values.isEmpty()) {
			types.retainAll(values.stream().map(JsonTypes::ofValue).toList());
		}
		compareTypes(types, JsonTypes.of(wide), path);
		compareValues(values, narrow, wide, path);
		SchemaBounds bounds = new SchemaBounds(narrow, wide, (reason) -> report(path, reason));
		if (types.contains("integer") || types.contains(JsonTypes.FRACTION)) {
			bounds.compareNumbers();
			compareKept(narrow, wide, "multipleOf", path);
		}
		if (types.contains("string")) {
			bounds.compareSizes("minLength", "maxLength", "characters");
			compareKept(narrow, wide, "format", path);
			compareKept(narrow, wide, "pattern", path);
		}
		if (types.contains("array")) {
			bounds.compareSizes("minItems", "maxItems", "elements");
			compareElements(narrow, wide, path);
		}
		if (types.contains("object")) {
			compareProperties(narrow, wide, path);
		}
	}

	/** Whether only keywords differ whose meaning is understood. */
	private boolean isJudged(JsonNode narrow, JsonNode wide, String path) {
		Set<String> keywords = new TreeSet<>(narrow.propertyNames());
		keywords.addAll(wide.propertyNames());
		boolean judged = true;
		for (String keyword : keywords) {
			if (UNDERSTOOD.contains(keyword) || ANNOTATIONS.contains(keyword)) {
				continue;
			}
			JsonNode value = narrow.path(keyword);
			if (DEPENDENT.contains(keyword) || !value.equals(wide.path(keyword)) || containsReference(value)) {
				report(path, "cannot be judged: '" + keyword + "' "
						+ (value.equals(wide.path(keyword)) ? "is not understood here" : "is different"));
				judged = false;
			}
		}
		return judged;
	}

	private void compareTypes(Set<String> narrow, Set<String> wide, String path) {
		Set<String> refused = new LinkedHashSet<>(narrow);
		refused.removeAll(wide);
		if (!refused.isEmpty()) {
			report(path, "may be " + String.join(" or ", new TreeSet<>(refused)) + ", which is not allowed any more");
		}
	}

	private static List<JsonNode> values(JsonNode schema) {
		List<JsonNode> values = new ArrayList<>();
		schema.path("enum").forEach(values::add);
		if (schema.has("const")) {
			values.add(schema.path("const"));
		}
		return values;
	}

	private void compareValues(List<JsonNode> narrow, JsonNode schema, JsonNode wide, String path) {
		if (!wide.has("enum") && !wide.has("const")) {
			return;
		}
		if (narrow.isEmpty()) {
			report(path, "may have other values than " + values(wide) + ", which are the only ones now");
			return;
		}
		Set<String> types = JsonTypes.of(schema);
		for (JsonNode value : narrow) {
			boolean allowed = (!wide.has("enum") || wide.path("enum").valueStream().anyMatch(value::equals))
					&& (!wide.has("const") || wide.path("const").equals(value));
			if (!allowed && types.contains(JsonTypes.ofValue(value))) {
				report(path, "may be " + value + ", which is not allowed any more");
			}
		}
	}

	private void compareKept(JsonNode narrow, JsonNode wide, String keyword, String path) {
		JsonNode wanted = wide.path(keyword);
		if (!wanted.isMissingNode() && !wanted.equals(narrow.path(keyword))) {
			report(path, narrow.has(keyword) ? "cannot be judged: '" + keyword + "' is different"
					: "must have " + keyword + " " + wanted + " now");
		}
	}

	private void compareElements(JsonNode narrow, JsonNode wide, String path) {
		if (wide.path("uniqueItems").asBoolean(false) && !narrow.path("uniqueItems").asBoolean(false)) {
			report(path, "must have no element twice now");
		}
		if (narrow.path("maxItems").asInt(1) > 0) {
			compare(part(narrow, "items"), part(wide, "items"), path + "/*");
		}
	}

	private void compareProperties(JsonNode narrow, JsonNode wide, String path) {
		Set<String> required = new LinkedHashSet<>();
		narrow.path("required").forEach((name) -> required.add(name.asString("")));
		wide.path("required").forEach((name) -> {
			if (!required.contains(name.asString(""))) {
				report(path + "/" + escaped(name.asString("")), "is required now, and may be missing");
			}
		});
		Set<String> names = new LinkedHashSet<>(narrow.path("properties").propertyNames());
		names.addAll(wide.path("properties").propertyNames());
		for (String name : names) {
			compare(property(narrow, name), property(wide, name), path + "/" + escaped(name));
		}
		compare(part(narrow, "additionalProperties"), part(wide, "additionalProperties"), path + "/*");
	}

	static JsonNode property(JsonNode schema, String name) {
		JsonNode property = schema.path("properties").path(name);
		return property.isMissingNode() ? part(schema, "additionalProperties") : property;
	}

	private static JsonNode part(JsonNode schema, String keyword) {
		JsonNode part = schema.path(keyword);
		return part.isMissingNode() ? ANYTHING : part;
	}

	static String escaped(String name) {
		return name.replace("~", "~0").replace("/", "~1");
	}

	/**
	 * Two places, which are the same only if they are the same nodes.
	 */
	private record Pair(JsonNode narrow, JsonNode wide) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Pair that && this.narrow == that.narrow && this.wide == that.wide;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this.narrow) * 31 + System.identityHashCode(this.wide);
		}

	}

}
