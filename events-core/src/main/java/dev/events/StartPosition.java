package dev.events;

/**
 * Where a durable subscription begins that the store does not know yet.
 */
public enum StartPosition {

	/** With what is committed after it was registered. */
	HEAD,

	/** With the oldest stored event. */
	BEGINNING

}
