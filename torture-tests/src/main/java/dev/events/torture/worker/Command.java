package dev.events.torture.worker;

import java.time.Duration;

/**
 * Something that the driver may tell this worker to do, beside what all workers do.
 */
interface Command {

	/** The first word of the line. */
	String name();

	/** Begins to do it; must not wait. */
	void obey(String[] words);

	/** A word that is a number of milliseconds. */
	static Duration millis(String word) {
		return Duration.ofMillis(Long.parseLong(word));
	}

}
