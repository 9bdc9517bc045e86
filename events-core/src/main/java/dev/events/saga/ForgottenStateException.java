package dev.events.saga;

import dev.events.SubjectErasedException;

/**
 * The state of a saga is about somebody who was forgotten, so there is nothing to go on
 * with. Not the same as a {@link SubjectErasedException} of something else that a step
 * does, which has failed.
 */
final class ForgottenStateException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ForgottenStateException(SubjectErasedException cause) {
		super("The data subject of the saga's state was forgotten", cause);
	}

}
