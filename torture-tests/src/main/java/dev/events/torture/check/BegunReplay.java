package dev.events.torture.check;

/**
 * A replay that somebody began when he saw no other of the subscription.
 *
 * @param worker name of the JVM
 * @param subscriber id of the subscription
 * @param start before it was begun
 * @param all whether it is known to have begun, with all events
 */
public record BegunReplay(String worker, String subscriber, long start, boolean all) {

}
