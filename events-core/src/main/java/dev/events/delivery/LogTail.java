package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.store.EventLog;
import dev.events.store.LogSegment;

/**
 * Follows the log for all subscriptions of the node: keeps the newest entries in memory
 * and tells the router of them. Only its own thread moves it forward.
 * <p>
 * Invariant: entries are in {@link #entries} before the router hears of them, and
 * everything up to {@link #routed()} has been shown to every worker that was registered
 * before it was read.
 */
final class LogTail {

	private static final int CAPACITY = 8192;

	private static final long MAX_WEIGHT = 32L * 1024 * 1024;

	private static final Duration HELD_BACK = Duration.ofMillis(20);

	private final EventLog log;

	private final DeliverySettings settings;

	private final Router router;

	private final RecentEntries entries = new RecentEntries(CAPACITY, MAX_WEIGHT);

	private final LogPages pages;

	private final PageLimit limit;

	private final Loop loop = new Loop("events-tail", this::advance);

	private volatile long routed;

	LogTail(EventLog log, DeliverySettings settings, Router router) {
		this.log = log;
		this.settings = settings;
		this.router = router;
		this.pages = new LogPages(log, settings.pageSize());
		this.limit = new PageLimit(settings.pageSize());
	}

	void start() {
		long head = this.log.head();
		this.entries.reset(head);
		this.routed = head;
		this.loop.start();
	}

	void stop(Duration patience) {
		this.loop.stop(patience);
	}

	/** There may be something new. */
	void wake() {
		this.loop.signal();
	}

	/** Up to here every event has been routed; all of it is settled. */
	long routed() {
		return this.routed;
	}

	/** The next piece of the log after a position; empty when there is none yet. */
	LogSlice after(long position, int limit) throws InterruptedException {
		LogSlice recent = this.entries.after(position, limit);
		return (recent != null) ? recent : this.pages.after(position, this.entries.floor());
	}

	private Duration advance() {
		LogSegment segment = follow();
		List<LogEntry> added = segment.events().stream().map(LogEntry::new).toList();
		this.limit.read(added);
		if (segment.settled() > this.routed) {
			this.entries.append(added, segment.settled());
			this.router.route(added);
			this.routed = segment.settled();
		}
		if (!segment.more()) {
			return pollInterval();
		}
		return added.isEmpty() ? HELD_BACK : Duration.ZERO;
	}

	private LogSegment follow() {
		try {
			return this.log.follow(this.routed, this.limit.get());
		}
		catch (RuntimeException | Error ex) {
			this.limit.failed();
			throw ex;
		}
	}

	private Duration pollInterval() {
		long millis = this.settings.pollInterval().toMillis();
		return Duration.ofMillis(millis - millis / 5 + ThreadLocalRandom.current().nextLong(millis * 2 / 5 + 1));
	}

	/**
	 * Hears of new entries; of the same ones again when it, or what follows, failed.
	 */
	interface Router {

		void route(List<LogEntry> entries);

	}

}
