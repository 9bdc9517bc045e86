package dev.events.store;

import java.util.List;

/**
 * What waits behind a key of a partition.
 *
 * @param blocked whether there is a delivery of the key that is parked, released, or dead
 * and holding, at whatever position; what is queued behind it has to wait
 * @param next the first queued deliveries in front of the lowest such one, or of all if
 * there is none, in position order
 */
public record KeyQueue(boolean blocked, List<StoredDelivery> next) {

}
