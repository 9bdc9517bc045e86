package dev.events;

/**
 * The {@link DataSubject} of an event was forgotten: the event cannot be read any more,
 * or, on publishing, no event about it may be stored again. Does not name the subject.
 */
public class SubjectErasedException extends InvalidEventException {

	private static final long serialVersionUID = 1L;

	public SubjectErasedException(String message) {
		super(message);
	}

}
