package dev.events.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.events.EventSchema;
import dev.events.InvalidSchemaException;
import dev.events.MigrationStep;
import dev.events.SchemaMigration;
import tools.jackson.databind.JsonNode;

/**
 * Finds the steps from one schema to another. For one thread, one migration.
 */
final class MigrationPlan {

	private static final Set<String> WRITTEN_AS_TEXT = Set.of("integer", JsonTypes.FRACTION, "boolean");

	private final EventSchema from;

	private final EventSchema to;

	private final JsonNode fromRoot;

	private final JsonNode toRoot;

	private final Map<String, String> renamed;

	private final List<MigrationStep> steps = new ArrayList<>();

	private final List<String> problems = new ArrayList<>();

	MigrationPlan(EventSchema from, EventSchema to, Map<String, String> renamed) {
		this.from = from;
		this.to = to;
		this.fromRoot = from.document();
		this.toRoot = to.document();
		this.renamed = new LinkedHashMap<>(renamed);
	}

	/**
	 * Makes the migration.
	 * @throws InvalidSchemaException when it is not clear what to do with a field
	 */
	SchemaMigration migration() {
		compareFields(this.fromRoot, this.toRoot, "");
		this.renamed
			.forEach((path, target) -> this.problems.add(path + ": there is no such field to rename to " + target));
		if (!this.problems.isEmpty()) {
			throw new InvalidSchemaException("No migration of '" + this.from.type() + "' from " + this.from.version()
					+ " to " + this.to.version() + " can be made: " + String.join("; ", this.problems));
		}
		return new SchemaMigration(this.from.type(), this.from.version(), this.to.version(), this.steps);
	}

	private void compareFields(JsonNode old, JsonNode now, String path) {
		Map<String, String> origins = new LinkedHashMap<>();
		for (String name : old.path("properties").propertyNames()) {
			origins.put(rename(old, now, path, name), name);
		}
		for (String name : old.path("properties").propertyNames()) {
			boolean kept = origins.containsValue(name) && now.path("properties").has(target(origins, name));
			if (!kept) {
				remove(now, path + "/" + SchemaComparison.escaped(name));
			}
		}
		now.path("properties").properties().forEach((property) -> {
			String place = path + "/" + SchemaComparison.escaped(property.getKey());
			String origin = origins.get(property.getKey());
			boolean always = origin != null && isRequired(old, origin);
			if (!always) {
				add(property.getValue(), isRequired(now, property.getKey()), origin != null, place);
			}
			if (origin != null) {
				change(old.path("properties").path(origin), property.getValue(), place);
			}
		});
	}

	private static String target(Map<String, String> origins, String name) {
		return origins.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(name))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(name);
	}

	/** What a field is called now. */
	private String rename(JsonNode old, JsonNode now, String path, String name) {
		String place = path + "/" + SchemaComparison.escaped(name);
		String target = this.renamed.remove(place);
		if (target == null) {
			return name;
		}
		MigrationStep step = MigrationStep.rename(place, target);
		String newName = target.substring(target.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
		if (!now.path("properties").has(newName)) {
			this.problems.add(target + ": is no field of the new version, so " + place + " cannot be renamed to it");
		}
		else if (old.path("properties").has(newName)) {
			this.problems
				.add(target + ": is a field of the old version already, so " + place + " cannot be renamed to it");
		}
		else {
			this.steps.add(step);
		}
		return newName;
	}

	private static boolean isRequired(JsonNode schema, String name) {
		return schema.path("required").valueStream().anyMatch((required) -> required.asString("").equals(name));
	}

	private void remove(JsonNode now, String path) {
		JsonNode others = now.path("additionalProperties");
		if (others.isBoolean() && !others.booleanValue()) {
			this.steps.add(MigrationStep.remove(path));
		}
		else if (others.isObject()) {
			this.problems.add(path + ": is no field of its own any more; remove it or rename it");
		}
	}

	private void add(JsonNode field, boolean required, boolean wasThere, String path) {
		if (field.has("default")) {
			this.steps.add(MigrationStep.add(path, field.path("default")));
		}
		else if (required) {
			this.problems.add(path + ": is required now and " + (wasThere ? "may be missing" : "is new")
					+ ", but has no default");
		}
	}

	private void change(JsonNode old, JsonNode now, String path) {
		if (old.equals(now)) {
			return;
		}
		List<String> reasons = new SchemaComparison(this.fromRoot, this.toRoot).differences(old, now, path)
			.stream()
			.map(Object::toString)
			.toList();
		if (reasons.isEmpty()) {
			if (!JsonTypes.of(old).equals(JsonTypes.of(now))) {
				this.steps.add(MigrationStep.widen(path));
			}
		}
		else if (isObject(old) && isObject(now)) {
			compareFields(old, now, path);
		}
		else if (isListOfObjects(old) && isListOfObjects(now)) {
			compareFields(old.path("items"), now.path("items"), path + "/*");
		}
		else if (WRITTEN_AS_TEXT.containsAll(JsonTypes.of(old)) && isPlainText(now)) {
			this.steps.add(MigrationStep.toText(path));
		}
		else {
			this.problems.addAll(reasons);
		}
	}

	private static boolean isObject(JsonNode schema) {
		return schema.path("type").asString("").equals("object") && !schema.has("$ref");
	}

	private static boolean isListOfObjects(JsonNode schema) {
		return schema.path("type").asString("").equals("array") && isObject(schema.path("items"));
	}

	private static boolean isPlainText(JsonNode schema) {
		return JsonTypes.of(schema).contains("string") && !schema.has("enum") && !schema.has("const")
				&& !schema.has("format") && !schema.has("pattern") && !schema.has("minLength")
				&& !schema.has("maxLength");
	}

}
