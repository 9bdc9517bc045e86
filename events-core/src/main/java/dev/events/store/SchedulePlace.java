package dev.events.store;

import java.time.Instant;
import java.util.Comparator;

/**
 * A place in the order in which scheduled events are due.
 *
 * @param dueAt when the event is due, with microseconds
 * @param number grows in the order in which events were scheduled; decides between those
 * of the same time
 */
public record SchedulePlace(Instant dueAt, long number) implements Comparable<SchedulePlace> {

	private static final Comparator<SchedulePlace> ORDER = Comparator.comparing(SchedulePlace::dueAt)
		.thenComparingLong(SchedulePlace::number);

	@Override
	public int compareTo(SchedulePlace other) {
		return ORDER.compare(this, other);
	}

}
