package dev.events.schema;

import java.util.List;

import dev.events.EventSchema;
import dev.events.SchemaDifference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SchemaComparisonTests {

	private static List<String> differences(String from, String to) {
		return SchemaComparison
			.of(EventSchema.parse("user.registered", "1.0.0", from), EventSchema.parse("user.registered", "1.1.0", to))
			.stream()
			.map(SchemaDifference::toString)
			.toList();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{\"type\":\"integer\"}|{\"type\":\"number\"}",
			"{\"type\":\"string\"}|{\"type\":[\"string\",\"null\"]}", "{\"enum\":[\"a\"]}|{\"enum\":[\"b\",\"a\"]}",
			"{\"const\":1}|{\"type\":\"integer\",\"enum\":[1,2]}", "{\"enum\":[1,2]}|{\"type\":\"number\"}",
			"{\"type\":\"integer\",\"enum\":[1,\"x\"]}|{\"enum\":[1]}", "{\"minimum\":5}|{\"exclusiveMinimum\":4}",
			"{\"exclusiveMaximum\":5}|{\"maximum\":5}",
			"{\"type\":\"string\",\"maxLength\":5,\"minLength\":2}|{\"type\":\"string\",\"maxLength\":6,\"minLength\":1}",
			"{\"type\":\"string\"}|{\"type\":\"string\",\"minimum\":3,\"minItems\":3}",
			"{\"type\":\"string\",\"format\":\"email\"}|{\"type\":\"string\"}",
			"{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}|{\"type\":\"array\",\"items\":{\"type\":\"number\"}}",
			"{\"type\":\"object\",\"additionalProperties\":false}|{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"a\":{\"type\":\"string\"}}}",
			"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}|{\"type\":\"object\"}",
			"{\"required\":[\"a\",\"b\"]}|{\"required\":[\"a\"]}", "{\"title\":\"a\"}|{\"title\":\"b\",\"default\":1}",
			"{\"allOf\":[{\"minimum\":1}],\"maximum\":1}|{\"allOf\":[{\"minimum\":1}],\"maximum\":2}",
			"false|{\"const\":1}",
			"{\"$defs\":{\"n\":{\"type\":\"integer\"}},\"items\":{\"$ref\":\"#/$defs/n\"}}|{\"items\":{\"type\":\"number\"}}",
			"{\"type\":\"object\",\"properties\":{\"n\":{\"$ref\":\"#\"},\"v\":{\"type\":\"integer\"}}}|{\"type\":\"object\",\"properties\":{\"n\":{\"$ref\":\"#\"},\"v\":{\"type\":\"number\"}}}" })
	void whatAllowsMoreIsCompatible(String from, String to) {
		assertThat(differences(from, to)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"{\"type\":\"number\"}|{\"type\":\"integer\"}|(the whole data): may be number that is no integer, which is not allowed any more",
			"{}|{\"type\":[\"string\",\"null\",\"boolean\",\"number\",\"array\"]}|(the whole data): may be object, which is not allowed any more",
			"{\"enum\":[\"a\",\"b\"]}|{\"enum\":[\"a\"]}|(the whole data): may be \"b\", which is not allowed any more",
			"{}|{\"const\":1}|(the whole data): may have other values than [1], which are the only ones now",
			"{\"minimum\":4}|{\"exclusiveMinimum\":4}|(the whole data): must be greater than 4 now",
			"{}|{\"maximum\":4}|(the whole data): must be at most 4 now",
			"{}|{\"minLength\":4}|(the whole data): must have at least 4 characters now",
			"{\"maxItems\":5}|{\"maxItems\":4}|(the whole data): must have at most 4 elements now",
			"{}|{\"uniqueItems\":true}|(the whole data): must have no element twice now",
			"{}|{\"format\":\"email\"}|(the whole data): must have format \"email\" now",
			"{\"pattern\":\"a\"}|{\"pattern\":\"b\"}|(the whole data): cannot be judged: 'pattern' is different",
			"{\"items\":{\"type\":\"number\"}}|{\"items\":{\"type\":\"integer\"}}|/*: may be number that is no integer, which is not allowed any more",
			"{}|{\"required\":[\"a/b\"]}|/a~1b: is required now, and may be missing",
			"{}|{\"properties\":{\"a\":{\"type\":[\"string\",\"number\",\"boolean\",\"null\",\"array\"]}}}|/a: may be object, which is not allowed any more",
			"{\"properties\":{\"a\":{}}}|{\"properties\":{\"a\":false}}|/a: is not allowed any more",
			"{\"properties\":{\"a\":{}},\"additionalProperties\":false}|{\"additionalProperties\":false}|/a: is not allowed any more",
			"{}|{\"additionalProperties\":false}|/*: is not allowed any more",
			"{}|{\"not\":{\"type\":\"string\"}}|(the whole data): cannot be judged: 'not' is different",
			"{\"not\":{\"type\":\"string\"}}|{}|(the whole data): cannot be judged: 'not' is different",
			"{\"patternProperties\":{\"a\":{}},\"maximum\":1}|{\"patternProperties\":{\"a\":{}},\"maximum\":2}|(the whole data): cannot be judged: 'patternProperties' is not understood here",
			"{\"$defs\":{\"n\":{\"type\":\"number\"}},\"items\":{\"$ref\":\"#/$defs/n\"}}|{\"$defs\":{\"n\":{\"type\":\"integer\"}},\"items\":{\"$ref\":\"#/$defs/n\"}}|/*: may be number that is no integer, which is not allowed any more",
			"{\"properties\":{\"n\":{\"$ref\":\"#\"},\"v\":{\"type\":\"number\"}}}|{\"properties\":{\"n\":{\"$ref\":\"#\"},\"v\":{\"type\":\"integer\"}}}|/v: may be number that is no integer, which is not allowed any more" })
	void whatAllowsLessIsNamed(String from, String to, String difference) {
		if (to.equals("{}")) {
			// it allows anything, whatever the other one says
			assertThat(differences(from, to)).isEmpty();
			return;
		}
		assertThat(differences(from, to)).contains(difference);
	}

	@Test
	void everyDifferenceIsNamed() {
		assertThat(differences(
				"""
						{"type": "object", "properties": {"a": {"type": "string"}, "b": {"properties": {"c": {"type": "number"}}}}}
						""",
				"""
						{"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "maxLength": 2},
						 "b": {"properties": {"c": {"type": "integer"}}}}}"""))
			.containsExactly("/a: is required now, and may be missing", "/a: must have at most 2 characters now",
					"/b/c: may be number that is no integer, which is not allowed any more");
	}

	@Test
	void aSchemaThatGoesOnForEverIsComparedWithOneThatSaysNothing() {
		assertThat(differences("{}", "{\"properties\":{\"n\":{\"$ref\":\"#\"}},\"required\":[\"n\"]}"))
			.contains("/n: is required now, and may be missing");
	}

}
