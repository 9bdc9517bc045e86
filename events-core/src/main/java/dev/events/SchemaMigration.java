package dev.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An upcaster that consists of steps which can be looked at and changed; see
 * {@link SchemaRegistry#migration}. Immutable.
 *
 * <pre>{@code
 * SchemaMigration migration = events.schemas().migration("user.registered", "1.0.0", "2.0.0");
 * migration.steps().forEach(System.out::println);
 * JsonNode upcasted = migration.apply(oldData);
 * }</pre>
 */
public final class SchemaMigration implements EventUpcaster {

	private final String type;

	private final String from;

	private final String to;

	private final List<MigrationStep> steps;

	/**
	 * Creates a migration.
	 * @param type event type
	 * @param from version whose data it takes
	 * @param to version whose shape it gives
	 * @param steps what to do, in order
	 */
	public SchemaMigration(String type, String from, String to, List<MigrationStep> steps) {
		this.type = type;
		this.from = from;
		this.to = to;
		this.steps = List.copyOf(steps);
	}

	@Override
	public String type() {
		return this.type;
	}

	@Override
	public String fromVersion() {
		return this.from;
	}

	@Override
	public String toVersion() {
		return this.to;
	}

	/** What it does, in order. */
	public List<MigrationStep> steps() {
		return this.steps;
	}

	/** With a step more, at the end. */
	public SchemaMigration with(MigrationStep step) {
		List<MigrationStep> more = new ArrayList<>(this.steps);
		more.add(step);
		return new SchemaMigration(this.type, this.from, this.to, more);
	}

	/**
	 * Without the steps for a path.
	 * @throws InvalidSchemaException when there is none
	 */
	public SchemaMigration without(String path) {
		List<MigrationStep> less = this.steps.stream().filter((step) -> !step.path().equals(path)).toList();
		if (less.size() == this.steps.size()) {
			throw new InvalidSchemaException(
					"The migration of '" + this.type + "' has no step for " + path + "; it has: "
							+ this.steps.stream().map(MigrationStep::toString).collect(Collectors.joining(", ")));
		}
		return new SchemaMigration(this.type, this.from, this.to, less);
	}

	/** What becomes of data; what is given is not changed. */
	public JsonNode apply(JsonNode data) {
		JsonNode copy = data.deepCopy();
		this.steps.forEach((step) -> apply(step, copy));
		return copy;
	}

	@Override
	public JsonNode upcast(Event<JsonNode> event) {
		this.steps.forEach((step) -> apply(step, event.data()));
		return event.data();
	}

	private static void apply(MigrationStep step, JsonNode data) {
		int end = step.path().lastIndexOf('/');
		String name = name(step.path());
		switch (step.kind()) {
			case ADD -> forEach(data, step.path().substring(0, end), (object) -> {
				if (!object.has(name)) {
					object.set(name, Objects.requireNonNull(step.value()).deepCopy());
				}
			});
			case REMOVE -> forEach(data, step.path().substring(0, end), (object) -> object.remove(name));
			case RENAME -> forEach(data, step.path().substring(0, end), (object) -> {
				JsonNode value = object.remove(name);
				if (value != null) {
					object.set(name(Objects.requireNonNull(step.target())), value);
				}
			});
			case TO_TEXT -> forEach(data, step.path().substring(0, end), (object) -> {
				JsonNode value = object.path(name);
				if (value.isNumber() || value.isBoolean()) {
					object.set(name, JsonNodeFactory.instance.stringNode(value.toString()));
				}
			});
			case WIDEN -> {
			}
		}
	}

	/** Calls for every object at a path; there may be none. */
	private static void forEach(JsonNode node, String path, Consumer<ObjectNode> change) {
		if (path.isEmpty()) {
			if (node instanceof ObjectNode object) {
				change.accept(object);
			}
			return;
		}
		int end = path.indexOf('/', 1);
		String first = (end < 0) ? path : path.substring(0, end);
		String rest = (end < 0) ? "" : path.substring(end);
		if (first.equals("/*")) {
			node.forEach((element) -> forEach(element, rest, change));
		}
		else {
			forEach(node.path(name(first)), rest, change);
		}
	}

	private static String name(String path) {
		return path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
	}

	/** Names type, versions and steps. */
	@Override
	public String toString() {
		return "SchemaMigration[" + this.type + " " + this.from + " -> " + this.to + ": " + this.steps + "]";
	}

}
