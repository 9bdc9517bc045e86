package dev.events.sample.address;

import java.util.UUID;

import dev.events.DataSubject;
import dev.events.Encrypted;
import dev.events.EventKey;
import dev.events.EventType;

/**
 * A user has moved.
 *
 * @param userId the user, with whose key the rest is encrypted
 * @param street street and number
 * @param city city
 */
@EventType("address.changed")
public record AddressChanged(@EventKey @DataSubject UUID userId, @Encrypted String street, @Encrypted String city) {

}
