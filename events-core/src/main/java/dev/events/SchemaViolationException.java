package dev.events;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The data of an event is not as its schema wants it, or there is no schema where there
 * must be one. Quotes no data.
 */
public class SchemaViolationException extends InvalidEventException {

	private static final long serialVersionUID = 1L;

	private static final int SHOWN = 100;

	private final transient List<SchemaViolation> violations;

	/** There is no schema for the event. */
	public SchemaViolationException(String message) {
		super(message);
		this.violations = List.of();
	}

	/**
	 * Data does not fit its schema.
	 * @param type event type
	 * @param version version of the schema
	 * @param violations where
	 */
	public SchemaViolationException(String type, String version, List<SchemaViolation> violations) {
		super("The data does not fit the schema of '" + type + "' " + version + ": " + shown(violations));
		this.violations = List.copyOf(violations);
	}

	private static String shown(List<SchemaViolation> violations) {
		String shown = violations.stream()
			.limit(SHOWN)
			.map(SchemaViolation::toString)
			.collect(Collectors.joining("; "));
		return (violations.size() <= SHOWN) ? shown
				: shown + "; and " + (violations.size() - SHOWN) + " more (see violations())";
	}

	/** Every place that does not fit; empty when there is no schema. */
	public List<SchemaViolation> violations() {
		return this.violations;
	}

}
