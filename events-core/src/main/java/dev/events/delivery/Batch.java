package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Events of the log that wait until there are enough of them for one call of the handler.
 * Only touched by the thread that runs the worker; what is in it is not done, so nothing
 * is lost with it.
 */
final class Batch {

	private final int size;

	private final Duration wait;

	private final List<LogEntry> entries = new ArrayList<>();

	private long first;

	Batch(int size, Duration wait) {
		this.size = size;
		this.wait = wait;
	}

	void add(LogEntry entry) {
		if (this.entries.isEmpty()) {
			this.first = System.nanoTime();
		}
		this.entries.add(entry);
	}

	boolean isEmpty() {
		return this.entries.isEmpty();
	}

	boolean isFull() {
		return this.entries.size() >= this.size;
	}

	/** How much longer it may wait for more events; zero or less when it has to go. */
	Duration patience() {
		return this.wait.minusNanos(System.nanoTime() - this.first);
	}

	/** Empties it. */
	List<LogEntry> take() {
		List<LogEntry> taken = List.copyOf(this.entries);
		this.entries.clear();
		return taken;
	}

}
