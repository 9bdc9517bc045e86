package dev.events.sample.user;

import java.util.UUID;

/**
 * There is no such user.
 */
public class NoSuchUserException extends RuntimeException {

	public NoSuchUserException(UUID id) {
		super("There is no user " + id);
	}

}
