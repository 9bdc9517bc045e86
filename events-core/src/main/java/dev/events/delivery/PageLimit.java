package dev.events.delivery;

import java.util.List;

/**
 * How many events to read at once, so that a page stays at about 4 MB whatever the size
 * of the events. Begins small, because nothing is known then. Thread-safe.
 */
final class PageLimit {

	private static final long TARGET_WEIGHT = 4L * 1024 * 1024;

	private static final int FIRST = 64;

	private final int most;

	private int limit;

	// of the events read lately
	private long largest = 1;

	PageLimit(int most) {
		this.most = most;
		this.limit = Math.min(FIRST, most);
	}

	synchronized int get() {
		return this.limit;
	}

	/** A page has been read: full ones let the limit grow, large events let it shrink. */
	synchronized void read(List<LogEntry> page) {
		long here = page.stream().mapToLong(LogEntry::weight).max().orElse(1);
		// forgets slowly, for where one large event was there may be more
		this.largest = Math.max(here, this.largest - this.largest / 8);
		int wanted = (page.size() >= this.limit) ? 2 * this.limit : this.limit;
		this.limit = (int) Math.max(1, Math.min(Math.min(wanted, this.most), TARGET_WEIGHT / this.largest));
	}

	/** A page could not be read, be it that it did not fit into memory. */
	synchronized void failed() {
		this.limit = Math.max(1, this.limit / 2);
	}

}
