package dev.events.spring.actuate;

/**
 * Whether endpoints show data, metadata and user of events, and the messages of errors,
 * which may quote them.
 */
public enum ShowPayloads {

	/** They do not. */
	NEVER,

	/**
	 * They show them to those who are authenticated and have one of the roles of
	 * {@code events.actuator.roles}, if there are any; never over JMX.
	 */
	WHEN_AUTHORIZED,

	/** They show them to everybody who may call the endpoint. */
	ALWAYS

}
