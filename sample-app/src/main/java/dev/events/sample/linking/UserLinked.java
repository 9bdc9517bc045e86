package dev.events.sample.linking;

import java.util.UUID;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * Two users turned out to be one person.
 *
 * @param userId the user
 * @param linkedTo the other one, who was there before
 * @param email address of the first
 */
@EventType("user.linked")
public record UserLinked(@EventKey UUID userId, UUID linkedTo, String email) {

}
