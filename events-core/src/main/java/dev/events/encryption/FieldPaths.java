package dev.events.encryption;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Places in JSON: pointers, in which {@code *} stands for every element of a list and
 * every value of an object. Immutable.
 */
final class FieldPaths {

	private static final String ANY = "*";

	private final List<List<String>> paths;

	FieldPaths(List<String> pointers) {
		this.paths = pointers.stream().map(FieldPaths::segments).toList();
	}

	private static List<String> segments(String pointer) {
		return Stream.of(pointer.substring(1).split("/", -1))
			.map((segment) -> segment.replace("~1", "/").replace("~0", "~"))
			.toList();
	}

	/** A name as it stands in a pointer. */
	static String escape(String name) {
		return name.replace("~", "~0").replace("/", "~1");
	}

	/** Whether a pointer leads to a place, or to something around it. */
	static boolean leadsTo(String pointer, String place) {
		List<String> path = segments(pointer);
		List<String> segments = place.isEmpty() ? List.of() : segments(place);
		if (path.size() > segments.size()) {
			return false;
		}
		for (int i = 0; i < path.size(); i++) {
			if (!path.get(i).equals(ANY) && !path.get(i).equals(segments.get(i))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Replaces the values at these places, in the given tree. What is inside of a value
	 * that is replaced is not looked at.
	 * @param change gives the new value for a pointer and the value there
	 */
	JsonNode replace(JsonNode json, BiFunction<String, JsonNode, JsonNode> change) {
		return replace(json, "", this.paths, change);
	}

	private static JsonNode replace(JsonNode json, String place, List<List<String>> paths,
			BiFunction<String, JsonNode, JsonNode> change) {
		if (paths.isEmpty()) {
			return json;
		}
		if (paths.stream().anyMatch(List::isEmpty)) {
			return change.apply(place, json);
		}
		if (json instanceof ObjectNode object) {
			for (String name : List.copyOf(object.propertyNames())) {
				object.set(name, replace(object.path(name), place + "/" + escape(name), inside(paths, name), change));
			}
		}
		else if (json instanceof ArrayNode array) {
			for (int i = 0; i < array.size(); i++) {
				String name = Integer.toString(i);
				array.set(i, replace(array.path(i), place + "/" + name, inside(paths, name), change));
			}
		}
		return json;
	}

	private static List<List<String>> inside(List<List<String>> paths, String name) {
		return paths.stream()
			.filter((path) -> path.get(0).equals(ANY) || path.get(0).equals(name))
			.map((path) -> path.subList(1, path.size()))
			.toList();
	}

}
