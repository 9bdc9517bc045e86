package dev.events.sample.blocklist;

import java.util.Locale;

/**
 * What this plugin reads of {@code user.registered} and {@code user.updated}.
 *
 * @param email mail address
 */
record Applicant(String email) {

	String domain() {
		return this.email.substring(this.email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
	}

}
