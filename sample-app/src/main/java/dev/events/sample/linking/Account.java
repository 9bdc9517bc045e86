package dev.events.sample.linking;

import java.util.Locale;
import java.util.UUID;

/**
 * What this plugin reads of {@code user.*} events. It needs no class of those who publish
 * them, only the names of fields; others are passed over.
 *
 * @param userId id of the user
 * @param email mail address
 */
record Account(UUID userId, String email) {

	/**
	 * The mailbox behind the address: {@code ada+work@x.org} is read by
	 * {@code ada@x.org}.
	 */
	String mailbox() {
		return this.email.toLowerCase(Locale.ROOT).replaceFirst("\\+[^@]*@", "@");
	}

}
