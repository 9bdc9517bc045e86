package dev.events;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * What a document must be like so that validating with it can do no harm: of bounded
 * size, without references to elsewhere, and without references that lead round in a
 * circle at one place of the data.
 */
final class SchemaDocument {

	private static final int MAX_CHARACTERS = 256 * 1024;

	private static final int MAX_DEPTH = 64;

	private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

	private static final Set<String> REFUSED = Set.of("$id", "$anchor", "$dynamicRef", "$dynamicAnchor",
			"$recursiveRef", "$recursiveAnchor", "$vocabulary");

	// what applies to the same place of the data
	private static final List<String> IN_PLACE = List.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else",
			"dependentSchemas");

	// what holds no schemas
	private static final Set<String> VALUES = Set.of("enum", "const", "default", "examples", "required",
			"dependentRequired");

	// what holds schemas by a name that is no keyword
	private static final Set<String> BY_NAME = Set.of("properties", "patternProperties", "$defs", "definitions",
			"dependentSchemas");

	private static final int MAX_STEPS = 100_000;

	private final String name;

	private final JsonNode root;

	private final Set<String> references = new HashSet<>();

	private int steps;

	private SchemaDocument(String name, JsonNode root) {
		this.name = name;
		this.root = root;
	}

	/**
	 * Checks a document.
	 * @param name begins the message
	 * @throws InvalidSchemaException when it is not possible
	 */
	static void require(String name, JsonNode document) {
		SchemaDocument checked = new SchemaDocument(name, document);
		if (!document.isObject() && !document.isBoolean()) {
			throw checked.invalid("is not a JSON object");
		}
		checked.requireDepth(document, 0);
		if (document.toString().length() > MAX_CHARACTERS) {
			throw checked.invalid("is too large; at most " + MAX_CHARACTERS + " characters are possible");
		}
		JsonNode dialect = document.path("$schema");
		if (!dialect.isMissingNode() && !dialect.asString("").replaceFirst("#$", "").equals(DIALECT)) {
			throw checked.invalid("names another dialect than " + DIALECT);
		}
		checked.requireReferences(document, "");
	}

	private InvalidSchemaException invalid(String reason) {
		return new InvalidSchemaException(this.name + " " + reason);
	}

	private void requireDepth(JsonNode node, int depth) {
		if (depth > MAX_DEPTH) {
			throw invalid("is nested too deeply; at most " + MAX_DEPTH + " levels are possible");
		}
		node.forEach((child) -> requireDepth(child, depth + 1));
	}

	private void requireReferences(JsonNode schema, String path) {
		if (schema.isArray()) {
			for (int i = 0; i < schema.size(); i++) {
				requireReferences(schema.get(i), path + "/" + i);
			}
			return;
		}
		REFUSED.stream().filter(schema::has).findFirst().ifPresent((keyword) -> {
			throw invalid("has '" + keyword + "' at '" + path + "', which is not supported");
		});
		requireNoCircle(schema, path, Set.of());
		for (Map.Entry<String, JsonNode> entry : schema.properties()) {
			String place = path + "/" + entry.getKey();
			if (BY_NAME.contains(entry.getKey())) {
				entry.getValue()
					.properties()
					.forEach((named) -> requireReferences(named.getValue(), place + "/" + named.getKey()));
			}
			else if (!VALUES.contains(entry.getKey())) {
				requireReferences(entry.getValue(), place);
			}
		}
		JsonNode reference = schema.path("$ref");
		// also where it leads to values, which then are taken for schemas
		if (!reference.isMissingNode() && this.references.add(reference.asString(""))) {
			requireReferences(target(reference, path), reference.asString(""));
		}
	}

	private void requireNoCircle(JsonNode schema, String path, Set<String> followed) {
		if (++this.steps > MAX_STEPS) {
			throw invalid("is too complicated: references and allOf, anyOf or oneOf multiply each other");
		}
		for (String keyword : IN_PLACE) {
			JsonNode applied = schema.path(keyword);
			if (applied.isArray() || keyword.equals("dependentSchemas")) {
				applied.forEach((one) -> requireNoCircle(one, path, followed));
			}
			else if (applied.isObject()) {
				requireNoCircle(applied, path, followed);
			}
		}
		JsonNode reference = schema.path("$ref");
		if (!reference.isMissingNode()) {
			Set<String> further = new HashSet<>(followed);
			if (!further.add(reference.asString(""))) {
				throw invalid("has references that lead round in a circle at '" + path + "'");
			}
			requireNoCircle(target(reference, path), path, further);
		}
	}

	private JsonNode target(JsonNode reference, String path) {
		String text = reference.asString("");
		if (!text.equals("#") && !text.startsWith("#/")) {
			throw invalid("has a reference at '" + path + "' that leads out of the document; only those of the form "
					+ "#/$defs/name are followed");
		}
		JsonNode target = this.root.at(JsonPointer.compile(text.substring(1)));
		if (target.isMissingNode()) {
			throw invalid("has a reference at '" + path + "' to " + text + ", which is not there");
		}
		return target;
	}

}
