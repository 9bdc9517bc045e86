package dev.events.schema;

import java.util.List;
import java.util.stream.Collectors;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import dev.events.EventSchema;
import dev.events.InvalidSchemaException;
import dev.events.SchemaViolation;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Validates with {@code com.networknt:json-schema-validator}. Formats are checked. Only
 * the dialect's own meta-schema is ever loaded, and that from the library's jar. Loaded
 * only where the library is there. Thread-safe.
 */
final class NetworkntCompiler implements SchemaCompiler {

	private static final String META_SCHEMA = "https://json-schema.org/draft/2020-12/schema";

	private final SchemaRegistry registry;

	private final Schema metaSchema;

	NetworkntCompiler() {
		SchemaRegistryConfig config = SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
		this.registry = SchemaRegistry.withDialect(Dialects.getDraft202012(),
				(builder) -> builder.schemaRegistryConfig(config)
					.schemaCacheEnabled(false)
					.schemaLoader((loader) -> loader.block((iri) -> true)));
		SchemaRegistry own = SchemaRegistry.withDialect(Dialects.getDraft202012(),
				(builder) -> builder.schemaRegistryConfig(config)
					.schemaLoader(
							(loader) -> loader.block((iri) -> !iri.toString().startsWith("https://json-schema.org/"))));
		this.metaSchema = own.getSchema(SchemaLocation.of(META_SCHEMA));
	}

	@Override
	public CompiledSchema compile(EventSchema schema) {
		JsonNode document = schema.document();
		List<SchemaViolation> violations = violations(this.metaSchema, document);
		if (!violations.isEmpty()) {
			throw invalid(schema,
					violations.stream().map(SchemaViolation::toString).distinct().collect(Collectors.joining("; ")),
					null);
		}
		try {
			Schema compiled = this.registry.getSchema(document);
			compiled.initializeValidators();
			return (data) -> violations(compiled, data);
		}
		catch (SchemaException ex) {
			throw invalid(schema, String.valueOf(ex.getMessage()), ex);
		}
	}

	private static InvalidSchemaException invalid(EventSchema schema, String reason, @Nullable Throwable cause) {
		return new InvalidSchemaException(
				"The schema of '" + schema.type() + "' " + schema.version() + " is not valid: " + reason, cause);
	}

	private static List<SchemaViolation> violations(Schema schema, JsonNode data) {
		return schema.validate(data).stream().map(NetworkntCompiler::violation).distinct().toList();
	}

	private static SchemaViolation violation(Error error) {
		String path = error.getInstanceLocation().toString();
		if (error.getProperty() != null) {
			path += "/" + error.getProperty().replace("~", "~0").replace("/", "~1");
		}
		return new SchemaViolation(path, expected(error));
	}

	/** In our own words, so that no version of the library can make them quote data. */
	private static String expected(Error error) {
		JsonNode wanted = error.getSchemaNode();
		return switch (String.valueOf(error.getKeyword())) {
			case "required" -> "is required";
			case "additionalProperties", "unevaluatedProperties", "false" -> "is not allowed";
			case "type" -> "must be " + types(wanted);
			case "enum" -> "must be one of " + wanted;
			case "const" -> "must be " + wanted;
			case "format" -> "must have the format " + wanted.asString("");
			case "pattern" -> "must match " + wanted.asString("");
			case "minimum" -> "must be at least " + wanted;
			case "maximum" -> "must be at most " + wanted;
			case "exclusiveMinimum" -> "must be greater than " + wanted;
			case "exclusiveMaximum" -> "must be less than " + wanted;
			case "minLength" -> "must have at least " + wanted + " characters";
			case "maxLength" -> "must have at most " + wanted + " characters";
			case "minItems" -> "must have at least " + wanted + " elements";
			case "maxItems" -> "must have at most " + wanted + " elements";
			case "uniqueItems" -> "must have no element twice";
			case "multipleOf" -> "must be a multiple of " + wanted;
			case "dependentRequired" -> "needs other fields: " + wanted;
			default -> "must be as '" + error.getKeyword() + "' says";
		};
	}

	private static String types(JsonNode wanted) {
		return wanted.isArray() ? wanted.valueStream().map(JsonNode::asString).collect(Collectors.joining(" or "))
				: wanted.asString("");
	}

}
