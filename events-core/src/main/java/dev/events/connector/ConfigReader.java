package dev.events.connector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads configurations strictly, and names the field that is wrong. Messages never quote
 * a value, for it may be a secret. Thread-safe.
 */
final class ConfigReader {

	static final int MAX_SIZE = 64 * 1024;

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private ConfigReader() {
	}

	/**
	 * A JSON object.
	 * @throws InvalidConfigException when it is none, or too large
	 */
	static ObjectNode object(String json) {
		InvalidConfigException.require(json.length() <= MAX_SIZE, "",
				"has " + json.length() + " characters as JSON; at most " + MAX_SIZE + " are possible");
		try {
			if (MAPPER.readTree(json) instanceof ObjectNode object) {
				return object;
			}
		}
		catch (JacksonException ex) {
			throw new InvalidConfigException("", "is not JSON");
		}
		throw new InvalidConfigException("", "must be a JSON object, for example {\"url\": \"…\"}");
	}

	/**
	 * A value of a class.
	 * @param prefix in front of the names of fields
	 * @throws InvalidConfigException when a field is unknown or of another type, or the
	 * class refuses it
	 */
	static <C> C read(JsonNode json, Class<C> type, String prefix) {
		try {
			return Objects.requireNonNull(MAPPER.readerFor(type).readValue(json));
		}
		catch (JacksonException ex) {
			throw problem(ex, prefix);
		}
	}

	private static InvalidConfigException problem(JacksonException ex, String prefix) {
		String field = prefix + String.join(".", path(ex));
		for (Throwable cause = ex.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidConfigException invalid) {
				String inner = invalid.field();
				String outer = field.isEmpty() || field.endsWith(".") || inner.isEmpty() ? field : field + ".";
				String message = String.valueOf(invalid.getMessage());
				return new InvalidConfigException(outer + inner,
						inner.isEmpty() ? message : message.substring(inner.length() + 1));
			}
		}
		if (ex instanceof UnrecognizedPropertyException unknown) {
			Collection<Object> known = Objects.requireNonNullElse(unknown.getKnownPropertyIds(), List.of());
			TreeSet<String> names = new TreeSet<>();
			known.forEach((name) -> names.add(name.toString()));
			return new InvalidConfigException(field, "is not known" + (names.isEmpty() ? "" : "; known are " + names));
		}
		return new InvalidConfigException(field, "cannot be read: it is missing, or of another type than expected");
	}

	private static List<String> path(JacksonException ex) {
		List<String> names = new ArrayList<>();
		ex.getPath()
			.forEach((reference) -> names.add((reference.getPropertyName() != null) ? reference.getPropertyName()
					: String.valueOf(reference.getIndex())));
		return names;
	}

}
