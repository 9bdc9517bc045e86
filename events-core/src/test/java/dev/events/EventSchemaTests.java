package dev.events;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.events.FieldOption.defaultValue;
import static dev.events.FieldOption.max;
import static dev.events.FieldOption.min;
import static dev.events.FieldOption.nullable;
import static dev.events.FieldOption.oneOf;
import static dev.events.FieldOption.required;
import static dev.events.FieldType.BOOLEAN;
import static dev.events.FieldType.INTEGER;
import static dev.events.FieldType.STRING;
import static dev.events.FieldType.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EventSchemaTests {

	private static EventSchema parse(String json) {
		return EventSchema.parse("user.registered", "1.0.0", json);
	}

	@Test
	void isBuiltOfFields() {
		EventSchema schema = EventSchema.of("user.registered", "1.0.0")
			.field("userId", UUID, required())
			.field("age", INTEGER, min(0), max(150))
			.field("plan", STRING, nullable(), oneOf("free", "paid"), defaultValue("free"))
			.object("address", (address) -> address.field("city", STRING, required(), min(1)))
			.list("tags", STRING, max(3))
			.list("devices", (device) -> device.field("trusted", BOOLEAN));
		assertThat(schema).isEqualTo(parse("""
				{"type": "object", "additionalProperties": false, "required": ["userId"], "properties": {
					"userId": {"type": "string", "format": "uuid"},
					"age": {"type": "integer", "minimum": 0, "maximum": 150},
					"plan": {"type": ["string", "null"], "enum": ["free", "paid", null], "default": "free"},
					"address": {"type": "object", "additionalProperties": false, "required": ["city"],
						"properties": {"city": {"type": "string", "minLength": 1}}},
					"tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
					"devices": {"type": "array", "items": {"type": "object", "additionalProperties": false,
						"properties": {"trusted": {"type": "boolean"}}}}
				}}"""));
		assertThat(schema.open().document().has("additionalProperties")).isFalse();
		assertThat(schema.withVersion("1.1.0").version()).isEqualTo("1.1.0");
	}

	@Test
	void isNotChangedThroughItsDocument() {
		EventSchema schema = EventSchema.of("user.registered", "1.0.0");
		schema.document().withObjectProperty("properties").put("changed", true);
		assertThat(schema).isEqualTo(EventSchema.of("user.registered", "1.0.0"));
	}

	@Test
	void equalOnesMayBeWrittenInAnotherOrder() {
		assertThat(parse("{\"type\":\"object\",\"required\":[\"a\"]}"))
			.isEqualTo(parse("{ \"required\": [\"a\"], \"type\": \"object\" }"))
			.isNotEqualTo(parse("{\"type\":\"object\",\"required\":[\"b\"]}"));
	}

	@Test
	void namesAndVersionsMustBeValid() {
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> EventSchema.of("user.*", "1.0.0"))
			.withMessageContaining("user.*");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> EventSchema.of("user.registered", "1"))
			.withMessageContaining("'1'");
	}

	@Test
	void optionsMustFitTheType() {
		EventSchema schema = EventSchema.of("user.registered", "1.0.0");
		assertThatExceptionOfType(InvalidSchemaException.class).isThrownBy(() -> schema.field("a", BOOLEAN, min(1)))
			.withMessageContaining("min(…) is for numbers, texts and lists");
		assertThatExceptionOfType(InvalidSchemaException.class).isThrownBy(() -> oneOf(new Object()))
			.withMessageContaining("java.lang.Object");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "[]|is not a JSON object", "{\"a\":|is not JSON",
			"{\"a\":1,\"a\":2}|is not JSON", "{\"$ref\":\"http://localhost/x\"}|leads out of the document",
			"{\"$ref\":\"file:///etc/passwd\"}|leads out of the document",
			"{\"properties\":{\"properties\":{\"$ref\":\"http://localhost/x\"}}}|leads out of the document",
			"{\"allOf\":[{\"items\":{\"$ref\":\"x.json\"}}]}|leads out of the document",
			"{\"default\":{\"$ref\":\"http://localhost/x\"},\"items\":{\"$ref\":\"#/default\"}}|leads out of the document",
			"{\"$ref\":\"#/$defs/none\"}|which is not there", "{\"$ref\":\"#\"}|lead round in a circle",
			"{\"$defs\":{\"a\":{\"anyOf\":[{\"$ref\":\"#/$defs/b\"}]},\"b\":{\"not\":{\"$ref\":\"#/$defs/a\"}}}}|lead round in a circle",
			"{\"$id\":\"http://localhost/x\"}|has '$id'",
			"{\"properties\":{\"a\":{\"$dynamicRef\":\"#a\"}}}|has '$dynamicRef'",
			"{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}|names another dialect" })
	void documentsThatCouldDoHarmAreRefused(String json, String reason) {
		assertThatExceptionOfType(InvalidSchemaException.class).isThrownBy(() -> parse(json))
			.withMessageContaining("The schema of 'user.registered' 1.0.0 ")
			.withMessageContaining(reason);
	}

	@Test
	void documentsOfUnboundedSizeAreRefused() {
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> parse("{\"title\":\"" + "x".repeat(300_000) + "\"}"))
			.withMessageContaining("too large");
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> parse("{\"items\":".repeat(65) + "{}" + "}".repeat(65)))
			.withMessageContaining("nested too deeply");
		StringBuilder defs = new StringBuilder("{\"$defs\":{\"a40\":{}");
		for (int i = 0; i < 40; i++) {
			String next = "{\"$ref\":\"#/$defs/a" + (i + 1) + "\"}";
			defs.append(",\"a" + i + "\":{\"allOf\":[" + next + "," + next + "]}");
		}
		assertThatExceptionOfType(InvalidSchemaException.class).isThrownBy(() -> parse(defs.append("}}").toString()))
			.withMessageContaining("too complicated");
	}

	@Test
	void referencesWithinTheDocumentAndNamesThatLookLikeKeywordsArePossible() {
		assertThat(parse("""
				{"properties": {"$id": {"type": "string"}, "properties": {"$ref": "#/$defs/node"}},
				 "$defs": {"node": {"properties": {"children": {"items": {"$ref": "#/$defs/node"}}}}}}""").version())
			.isEqualTo("1.0.0");
	}

}
