package dev.events.encryption;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as trees that lose nothing; how large data may be is decided elsewhere.
 */
final class Json {

	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxStringLength(Integer.MAX_VALUE)
				.maxNumberLength(Integer.MAX_VALUE)
				.build())
			.build())
		.build();

	private static final ObjectReader READER = MAPPER.readerFor(JsonNode.class)
		.with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

	private Json() {
	}

	static JsonNode read(String text) {
		return READER.readValue(text);
	}

	static String write(JsonNode json) {
		return MAPPER.writeValueAsString(json);
	}

}
