package dev.events.sample.search;

import java.util.UUID;

/**
 * What the index needs of {@code user.registered} and {@code user.updated}, which have
 * these fields in common.
 *
 * @param userId id of the user
 * @param email mail address
 * @param name name
 */
record SearchableUser(UUID userId, String email, String name) {

	SearchHit hit() {
		return new SearchHit("user", this.userId, this.name + " <" + this.email + ">");
	}

}
