package dev.events;

import java.util.function.Function;

import tools.jackson.databind.JsonNode;

/**
 * An upcaster made of a function.
 */
record FunctionUpcaster(String type, String fromVersion, String toVersion,
		Function<Event<JsonNode>, JsonNode> change) implements EventUpcaster {

	@Override
	public JsonNode upcast(Event<JsonNode> event) {
		return this.change.apply(event);
	}

}
