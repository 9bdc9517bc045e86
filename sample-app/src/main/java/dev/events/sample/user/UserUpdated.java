package dev.events.sample.user;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A user has a new address or name.
 *
 * @param userId id of the user
 * @param email mail address from now on
 * @param name name from now on
 */
@EventType("user.updated")
public record UserUpdated(@EventKey UUID userId, String email, String name) {

}
