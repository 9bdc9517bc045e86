package dev.events.schema;

/**
 * Whether event types without a schema may be published.
 */
public enum UnknownTypes {

	/** They may. */
	ALLOW,

	/** They are treated like data that does not fit its schema. */
	REFUSE

}
