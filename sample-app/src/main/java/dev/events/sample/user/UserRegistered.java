package dev.events.sample.user;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A new user has registered.
 *
 * @param userId id of the user; the key, so that each subscriber sees what happens to one
 * user in order
 * @param email mail address
 * @param name name
 */
@EventType("user.registered")
public record UserRegistered(@EventKey UUID userId, String email, String name) {

}
