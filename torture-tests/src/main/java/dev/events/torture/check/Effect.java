package dev.events.torture.check;

import java.util.UUID;

/**
 * What a transactional subscriber did in the database, as it is there at the end.
 *
 * @param number number in the order in which it was done
 * @param subscriber id of the subscription
 * @param event id of the event
 * @param key the key in the event's data
 * @param seq the number in the event's data
 */
public record Effect(long number, String subscriber, UUID event, String key, long seq) {

}
