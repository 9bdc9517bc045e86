package dev.events.store;

/**
 * How many deliveries of a subscription are stored.
 *
 * @param subscription id of the subscription
 * @param waiting parked, queued or released
 * @param dead dead letters
 */
public record DeliveryCounts(String subscription, long waiting, long dead) {

}
