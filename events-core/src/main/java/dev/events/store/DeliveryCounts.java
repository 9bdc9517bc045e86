package dev.events.store;

/**
 * How many deliveries of a subscription are stored.
 *
 * @param subscription id of the subscription
 * @param waiting parked, queued or released
 * @param dead dead letters; one that was skipped and is still released counts as both
 */
public record DeliveryCounts(String subscription, long waiting, long dead) {

}
