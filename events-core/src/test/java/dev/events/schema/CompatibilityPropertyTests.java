package dev.events.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.EventSchema;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When two schemas are said to be compatible, data that is valid by the one is valid by
 * the other. Schemas are random, the second a mutation of the first, so that they often
 * are; data is random, and kept when the first schema allows it.
 */
class CompatibilityPropertyTests {

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private static final List<String> NAMES = List.of("a", "b", "c");

	private static final List<String> TYPES = List.of("string", "integer", "number", "boolean", "null", "array",
			"object");

	private static final AtomicInteger COMPATIBLE = new AtomicInteger();

	private static final AtomicInteger CHECKED = new AtomicInteger();

	private final NetworkntCompiler compiler = new NetworkntCompiler();

	@Property(tries = 3000)
	void compatibleMeansThatDataStaysValid(@ForAll long seed) {
		Random random = new Random(seed);
		JsonNode from = schema(random, 3);
		JsonNode to = from.deepCopy();
		for (int i = random.nextInt(3); i >= 0; i--) {
			to = mutated(to, random, 3);
		}
		EventSchema old = EventSchema.of("a.b", "1.0.0", from);
		EventSchema now = EventSchema.of("a.b", "1.1.0", to);
		if (!SchemaComparison.of(old, now).isEmpty() || old.json().equals(now.json())) {
			return;
		}
		COMPATIBLE.incrementAndGet();
		SchemaCompiler.CompiledSchema before = this.compiler.compile(old);
		SchemaCompiler.CompiledSchema after = this.compiler.compile(now);
		for (int i = 0; i < 60; i++) {
			JsonNode data = data(from, random, 4);
			if (before.validate(data).isEmpty()) {
				CHECKED.incrementAndGet();
				assertThat(after.validate(data)).as("%s%nvalid by %s%nbut not by %s", data, from, to).isEmpty();
			}
		}
	}

	@AfterContainer
	static void enoughWasChecked() {
		assertThat(COMPATIBLE.get()).isGreaterThan(200);
		assertThat(CHECKED.get()).isGreaterThan(2000);
	}

	private static JsonNode schema(Random random, int depth) {
		if (depth == 0 || random.nextInt(12) == 0) {
			return random.nextBoolean() ? NODES.booleanNode(random.nextInt(4) > 0) : typed(random, "integer");
		}
		ObjectNode schema = typed(random, TYPES.get(random.nextInt(TYPES.size())));
		if (random.nextInt(5) == 0) {
			schema.putArray("type").add("object").add(TYPES.get(random.nextInt(TYPES.size() - 1)));
		}
		for (int i = random.nextInt(5); i > 0; i--) {
			set(schema, random, depth);
		}
		return schema;
	}

	private static ObjectNode typed(Random random, String type) {
		ObjectNode schema = NODES.objectNode();
		if (random.nextInt(8) > 0) {
			schema.put("type", type);
		}
		return schema;
	}

	private static void set(ObjectNode schema, Random random, int depth) {
		switch (random.nextInt(16)) {
			case 0 -> schema.put("minimum", random.nextInt(4));
			case 1 -> schema.put("maximum", 2 + random.nextInt(4));
			case 2 -> schema.put("exclusiveMinimum", random.nextInt(4) - 1);
			case 3 -> schema.put("exclusiveMaximum", 3 + random.nextInt(4));
			case 4 -> schema.put("minLength", random.nextInt(3));
			case 5 -> schema.put("maxLength", 1 + random.nextInt(3));
			case 6 -> schema.put("minItems", random.nextInt(2));
			case 7 -> schema.put("maxItems", random.nextInt(3));
			case 8 -> schema.put("uniqueItems", random.nextBoolean());
			case 9 -> schema.set("items", schema(random, depth - 1));
			case 10 -> schema.set("additionalProperties",
					random.nextBoolean() ? NODES.booleanNode(false) : schema(random, depth - 1));
			case 11 -> {
				ArrayNode required = schema.putArray("required");
				NAMES.stream().filter((name) -> random.nextBoolean()).forEach(required::add);
			}
			case 12 -> {
				ArrayNode values = schema.putArray("enum");
				for (int i = random.nextInt(4); i >= 0; i--) {
					values.add(value(random, 1));
				}
			}
			case 13 -> schema.set("const", value(random, 0));
			case 14 -> schema.put("pattern", random.nextBoolean() ? "^x" : "y");
			default ->
				schema.withObjectProperty("properties").set(NAMES.get(random.nextInt(3)), schema(random, depth - 1));
		}
	}

	private static JsonNode mutated(JsonNode schema, Random random, int depth) {
		if (!(schema instanceof ObjectNode object) || depth == 0) {
			return random.nextBoolean() ? NODES.booleanNode(true) : schema(random, Math.max(0, depth - 1));
		}
		List<String> keywords = new ArrayList<>(object.propertyNames());
		String keyword = keywords.isEmpty() ? "" : keywords.get(random.nextInt(keywords.size()));
		switch (random.nextInt(4)) {
			case 0 -> object.remove(keyword);
			case 1 -> set(object, random, depth);
			case 2 -> object.put("type", TYPES.get(random.nextInt(TYPES.size())));
			default -> {
				if (keyword.equals("properties") && !object.path("properties").isEmpty()) {
					ObjectNode properties = object.withObjectProperty("properties");
					String name = properties.propertyNames().iterator().next();
					properties.set(name, mutated(properties.path(name), random, depth - 1));
				}
				else if (keyword.equals("items") || keyword.equals("additionalProperties")) {
					object.set(keyword, mutated(object.path(keyword), random, depth - 1));
				}
				else if (object.path("type").asString("").equals("integer")) {
					object.put("type", "number");
				}
				else {
					object.withObjectProperty("properties").set("c", schema(random, depth - 1));
				}
			}
		}
		return object;
	}

	/** Data that has a chance to be valid. */
	private static JsonNode data(JsonNode schema, Random random, int depth) {
		if (depth == 0 || !schema.isObject() || random.nextInt(10) == 0) {
			return value(random, depth);
		}
		if (schema.has("const")) {
			return schema.path("const").deepCopy();
		}
		if (!schema.path("enum").isEmpty()) {
			return schema.path("enum").get(random.nextInt(schema.path("enum").size())).deepCopy();
		}
		JsonNode type = schema.path("type");
		String name = type.isArray() ? type.get(random.nextInt(type.size())).asString("") : type.asString("");
		switch (name) {
			case "array" -> {
				ArrayNode array = NODES.arrayNode();
				for (int i = random.nextInt(3); i > 0; i--) {
					array.add(data(schema.path("items"), random, depth - 1));
				}
				return array;
			}
			case "object" -> {
				ObjectNode object = NODES.objectNode();
				for (String property : List.of("a", "b", "c", "d")) {
					if (random.nextInt(3) > 0) {
						JsonNode part = schema.path("properties").path(property);
						object.set(property, data(part.isMissingNode() ? schema.path("additionalProperties") : part,
								random, depth - 1));
					}
				}
				return object;
			}
			case "string", "integer", "number", "boolean", "null" -> {
				return scalar(name, random);
			}
			default -> {
				return value(random, depth);
			}
		}
	}

	private static JsonNode value(Random random, int depth) {
		String type = TYPES.get(random.nextInt((depth > 0) ? 7 : 5));
		if (type.equals("array")) {
			return NODES.arrayNode().add(value(random, depth - 1));
		}
		if (type.equals("object")) {
			return NODES.objectNode().set(NAMES.get(random.nextInt(3)), value(random, depth - 1));
		}
		return scalar(type, random);
	}

	private static JsonNode scalar(String type, Random random) {
		return switch (type) {
			case "string" -> NODES.stringNode(List.of("", "x", "y", "xy", "xxxx").get(random.nextInt(5)));
			case "integer" -> NODES.numberNode(random.nextInt(8) - 1);
			case "number" -> NODES.numberNode((random.nextInt(16) - 2) / 2.0);
			case "boolean" -> NODES.booleanNode(random.nextBoolean());
			default -> NODES.nullNode();
		};
	}

}
