package dev.events.store;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A step of a process: what it keeps from now on, and the events that go into the log
 * with it.
 *
 * @param process name of its kind, at most {@value #MAX_NAME} characters
 * @param key which one of its kind, at most {@value #MAX_NAME} characters
 * @param expected version of the record that the step was made from, or
 * {@value #NOT_THERE} if there was none
 * @param state what it keeps, or {@code null} to delete it
 * @param events events to append, in order
 * @param delivery what it comes from, so that it is made only while that is open; or
 * {@code null}
 */
public record ProcessChange(String process, String key, long expected, @Nullable ProcessState state,
		List<EventRecord> events, @Nullable OpenDelivery delivery) {

	/** The version of a process that does not exist. */
	public static final long NOT_THERE = 0;

	/** Longest name and longest key, in characters. */
	public static final int MAX_NAME = 200;

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a name or key is empty, too long, or cannot
	 * be stored
	 */
	public ProcessChange {
		checkText("name", process, MAX_NAME);
		checkText("key", key, MAX_NAME);
		events = List.copyOf(events);
	}

	/** One that may be made at any time. */
	public ProcessChange(String process, String key, long expected, @Nullable ProcessState state,
			List<EventRecord> events) {
		this(process, key, expected, state, events, null);
	}

	static void checkText(String what, String text, int max) {
		Objects.requireNonNull(text, what);
		if (text.isEmpty() || text.length() > max || text.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("The " + what + " of a process must have 1 to " + max
					+ " characters, none of them 0; this one has " + text.length());
		}
	}

}
