package dev.events;

/**
 * What a new version of a schema has to have in common with the versions beside it.
 */
public enum SchemaCompatibility {

	/** Old data is valid by the new schema: new readers can read old events. */
	BACKWARD,

	/** New data is valid by the old schema: old readers can read new events. */
	FORWARD,

	/** Both. */
	FULL,

	/** Nothing is checked. */
	NONE;

	/** Whether old data must be valid by the new schema. */
	public boolean isBackward() {
		return this == BACKWARD || this == FULL;
	}

	/** Whether new data must be valid by the old schema. */
	public boolean isForward() {
		return this == FORWARD || this == FULL;
	}

}
