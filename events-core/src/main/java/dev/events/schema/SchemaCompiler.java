package dev.events.schema;

import java.util.List;

import dev.events.EventSchema;
import dev.events.InvalidSchemaException;
import dev.events.SchemaViolation;
import tools.jackson.databind.JsonNode;

/**
 * Makes of a schema what data can be checked with.
 */
interface SchemaCompiler {

	/**
	 * Compiles a schema.
	 * @throws InvalidSchemaException when it is not valid
	 * @throws MissingValidatorException when there is no library that could
	 */
	CompiledSchema compile(EventSchema schema);

	/** The one of the library, if it is there. */
	static SchemaCompiler find() {
		try {
			Class.forName("com.networknt.schema.SchemaRegistry", false, SchemaCompiler.class.getClassLoader());
			return new NetworkntCompiler();
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return (schema) -> {
				throw new MissingValidatorException(schema, ex);
			};
		}
	}

	/**
	 * Checks data. Thread-safe.
	 */
	interface CompiledSchema {

		/** Every place that does not fit. */
		List<SchemaViolation> validate(JsonNode data);

	}

	/**
	 * The library that validates is not there.
	 */
	final class MissingValidatorException extends InvalidSchemaException {

		private static final long serialVersionUID = 1L;

		MissingValidatorException(EventSchema schema, Throwable cause) {
			super("There is a schema of '" + schema.type() + "' " + schema.version() + ", but nothing to validate "
					+ "with: add the dependency com.networknt:json-schema-validator (3.x), or set "
					+ "events.schema.validation=off", cause);
		}

	}

}
