package dev.events.sample.user;

import org.jspecify.annotations.Nullable;

/**
 * A plugin has cancelled the registration or change of a user.
 */
class RegistrationRefusedException extends RuntimeException {

	RegistrationRefusedException(@Nullable String reason) {
		super((reason != null) ? reason : "Refused");
	}

}
