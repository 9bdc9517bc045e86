package dev.events.schema;

/**
 * What happens when published data does not fit the schema of its type and version.
 */
public enum SchemaValidation {

	/** Nothing is checked. */
	OFF,

	/** It is logged, some of it at least, and counted; the event is published. */
	WARN,

	/** The publisher gets an error. */
	STRICT

}
