package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * The store did not do what was asked, for example because the database cannot be
 * reached. Trying again later may help. Nothing was done, unless it is an
 * {@link UnknownOutcomeException}.
 */
public class EventStoreException extends EventException {

	private static final long serialVersionUID = 1L;

	public EventStoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
