package dev.events.connector;

import dev.events.EventException;

/**
 * A field of a subscription's configuration is not valid.
 */
public class InvalidConfigException extends EventException {

	private static final long serialVersionUID = 1L;

	private final String field;

	/**
	 * Creates an exception.
	 * @param field name of the field, with dots for nested ones; empty for the whole
	 * @param problem what is wrong and what to write, as the end of a sentence that
	 * begins with the field: {@code "must be …"}; without the value of a secret
	 */
	public InvalidConfigException(String field, String problem) {
		super(field.isEmpty() ? problem : field + " " + problem);
		this.field = field;
	}

	/**
	 * Refuses a field unless a condition holds.
	 * @throws InvalidConfigException when it does not
	 */
	public static void require(boolean condition, String field, String problem) {
		if (!condition) {
			throw new InvalidConfigException(field, problem);
		}
	}

	/** Name of the field; empty for the whole configuration. */
	public String field() {
		return this.field;
	}

}
