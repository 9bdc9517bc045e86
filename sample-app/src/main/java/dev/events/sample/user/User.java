package dev.events.sample.user;

import java.util.UUID;

/**
 * A user.
 *
 * @param id unique id
 * @param email mail address, unique too
 * @param name what to call the user
 */
public record User(UUID id, String email, String name) {

}
