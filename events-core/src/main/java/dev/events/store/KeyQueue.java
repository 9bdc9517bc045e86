package dev.events.store;

import java.util.List;

/**
 * What waits behind a key of a partition.
 *
 * @param blocked whether a delivery of the key is parked, released, or dead and holding;
 * then nothing may overtake it and {@code next} is empty
 * @param next the first queued deliveries, in position order
 */
public record KeyQueue(boolean blocked, List<StoredDelivery> next) {

}
