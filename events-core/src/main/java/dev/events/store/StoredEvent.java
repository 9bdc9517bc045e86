package dev.events.store;

/**
 * An event with its place in the log.
 *
 * @param position greater than 0, unique; an event of a transaction that began after
 * another one was committed has a greater position than that one's events
 * @param event the event
 */
public record StoredEvent(long position, EventRecord event) {

}
