package dev.events.schema;

import dev.events.SchemaCompatibility;

/**
 * How schemas are used.
 *
 * @param validation what happens to published data that does not fit
 * @param unknownTypes whether types without a schema may be published
 * @param compatibility of a new version of a schema with those beside it, unless
 * something else is said when it is registered
 */
public record SchemaSettings(SchemaValidation validation, UnknownTypes unknownTypes,
		SchemaCompatibility compatibility) {

	/** Strict for types that have a schema, others are allowed, backward compatible. */
	public static final SchemaSettings DEFAULT = new SchemaSettings(SchemaValidation.STRICT, UnknownTypes.ALLOW,
			SchemaCompatibility.BACKWARD);

	/** A copy with this validation. */
	public SchemaSettings withValidation(SchemaValidation validation) {
		return new SchemaSettings(validation, this.unknownTypes, this.compatibility);
	}

	/** A copy that treats unknown types like this. */
	public SchemaSettings withUnknownTypes(UnknownTypes unknownTypes) {
		return new SchemaSettings(this.validation, unknownTypes, this.compatibility);
	}

	/** A copy with this compatibility. */
	public SchemaSettings withCompatibility(SchemaCompatibility compatibility) {
		return new SchemaSettings(this.validation, this.unknownTypes, compatibility);
	}

}
