package dev.events.schema;

import dev.events.EventSchema;
import dev.events.schema.SchemaCompiler.CompiledSchema;
import org.jspecify.annotations.Nullable;

/**
 * A schema of the registry, compiled when it is needed first. Thread-safe.
 */
final class RegisteredSchema {

	private final EventSchema schema;

	// racy on purpose: at worst it is compiled twice
	private volatile @Nullable CompiledSchema compiled;

	RegisteredSchema(EventSchema schema) {
		this.schema = schema;
	}

	EventSchema schema() {
		return this.schema;
	}

	CompiledSchema compiled(SchemaCompiler compiler) {
		CompiledSchema known = this.compiled;
		if (known == null) {
			known = compiler.compile(this.schema);
			this.compiled = known;
		}
		return known;
	}

}
