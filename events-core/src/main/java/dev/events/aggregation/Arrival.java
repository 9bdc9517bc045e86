package dev.events.aggregation;

import dev.events.Event;

/**
 * An event that was delivered.
 *
 * @param <T> class of its data
 * @param event the event
 * @param position its position in the log
 */
record Arrival<T>(Event<T> event, long position) {

}
