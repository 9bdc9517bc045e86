package dev.events;

/**
 * What happens to later events of a key when one of them has become a dead letter.
 */
public enum AfterDeadLetter {

	/** They are delivered. */
	CONTINUE,

	/** They wait until the dead letter is retried with success, skipped or discarded. */
	HOLD

}
