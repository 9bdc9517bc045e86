package dev.events.spring.actuate;

/**
 * Whether endpoints show data, metadata and user of events, and the messages of errors,
 * which may quote them.
 */
public enum ShowPayloads {

	/** They do not. */
	NEVER,

	/** They show them to everybody who may call the endpoint. */
	ALWAYS

}
