package dev.events.store;

import java.time.Instant;
import java.util.Set;

/**
 * A running node.
 *
 * @param id unique id
 * @param startedAt its first heartbeat, by the store's clock
 * @param seenAt its last heartbeat, by the store's clock
 * @param subscriptions ids of the durable subscriptions it serves
 */
public record NodeRecord(String id, Instant startedAt, Instant seenAt, Set<String> subscriptions) {

}
