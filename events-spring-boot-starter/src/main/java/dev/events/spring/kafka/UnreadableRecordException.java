package dev.events.spring.kafka;

import org.jspecify.annotations.Nullable;

/**
 * A record is no event, and never will be. Messages do not quote its content.
 */
final class UnreadableRecordException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	UnreadableRecordException(String message) {
		this(message, null);
	}

	UnreadableRecordException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
