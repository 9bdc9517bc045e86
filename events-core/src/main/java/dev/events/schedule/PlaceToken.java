package dev.events.schedule;

import java.time.Instant;

import dev.events.store.SchedulePlace;

/**
 * A place in the schedule as the opaque text between two pages.
 */
final class PlaceToken {

	private static final long MICROS = 1_000_000;

	private PlaceToken() {
	}

	static String of(SchedulePlace place) {
		Instant dueAt = place.dueAt();
		return text(dueAt.getEpochSecond() * MICROS + dueAt.getNano() / 1000) + "." + text(place.number());
	}

	private static String text(long value) {
		return Long.toString(value, Character.MAX_RADIX);
	}

	static SchedulePlace place(String token) {
		String[] parts = token.split("\\.", -1);
		try {
			long micros = value(parts[0]);
			long number = value((parts.length == 2) ? parts[1] : "");
			return new SchedulePlace(
					Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000), number);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(
					"'" + token + "' does not come from a page; leave 'after' out for the first page", ex);
		}
	}

	private static long value(String text) {
		return Long.parseLong(text, Character.MAX_RADIX);
	}

}
