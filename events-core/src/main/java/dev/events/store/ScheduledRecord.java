package dev.events.store;

/**
 * A waiting event.
 *
 * @param place when it is due, and its place among those of the same time
 * @param event as it will be in the log
 */
public record ScheduledRecord(SchedulePlace place, EventRecord event) {

}
