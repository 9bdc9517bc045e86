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
 * before it was read. While there is no worker nothing is read; when there is one again,
 * the tail goes on at the head, and workers look for what is in between themselves.
 */
final class LogTail {

	private static final int CAPACITY = 8192;

	private static final long MAX_WEIGHT = 32L * 1024 * 1024;

	// commits that come sooner than this after a read are many: a few hundred in a second
	// are better read one by one, at once
	private static final Duration THICKNESS = Duration.ofMillis(1);

	// then so many milliseconds' worth of them are read together
	private static final Duration GATHERING = Duration.ofMillis(5);

	// a transaction that publishes usually ends within this
	private static final Duration PATIENCE = Duration.ofMillis(3);

	private static final Duration HELD_BACK = Duration.ofMillis(20);

	// a read that brings so many is worth it
	private static final int MANY = 100;

	// of what lies behind a position that holds back
	private static final int LOOK = 64;

	private final EventLog log;

	private final DeliverySettings settings;

	private final Router router;

	private final RecentEntries entries = new RecentEntries(CAPACITY, MAX_WEIGHT);

	private final LogPages pages;

	private final PageLimit limit;

	private final Loop loop = new Loop("events-tail", this::advance, THICKNESS, GATHERING);

	private volatile long routed;

	// nobody needed what came; by the thread of the loop only
	private boolean idle;

	// held back behind this position; by the thread of the loop only
	private long heldBack = -1;

	private long heldBackUntil;

	LogTail(EventLog log, DeliverySettings settings, Router router) {
		this.log = log;
		this.settings = settings;
		this.router = router;
		this.pages = new LogPages(log::read, settings.pageSize());
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
		if (!this.router.hasWorkers()) {
			this.idle = true;
			return pollInterval();
		}
		if (this.idle) {
			continueAtHead();
			this.idle = false;
		}
		boolean waiting = this.heldBack == this.routed;
		// finding out about a hole costs more than reading, so a busy node leaves it time
		// to be filled
		boolean thorough = !this.loop.isHurried() || waiting && System.nanoTime() - this.heldBackUntil >= 0;
		int most = (waiting && !thorough) ? Math.min(LOOK, this.limit.get()) : this.limit.get();
		LogSegment segment = follow(thorough, most);
		List<LogEntry> added = segment.events().stream().map(LogEntry::new).toList();
		this.loop.busy(added.size() >= MANY);
		if (!waiting || thorough) {
			this.limit.read(added);
		}
		if (segment.settled() > this.routed) {
			this.entries.append(added, segment.settled());
			this.router.route(added);
			this.routed = segment.settled();
		}
		if (!segment.more()) {
			return pollInterval();
		}
		return (added.size() >= most) ? Duration.ZERO : heldBack(thorough);
	}

	/**
	 * The order matters: a worker that begins from now on sees the new head among the
	 * entries, one that is there already is told to look, and only then may a cursor pass
	 * over what was not routed.
	 */
	private void continueAtHead() {
		long head = Math.max(this.routed, this.log.head());
		if (head > this.routed) {
			this.entries.reset(head);
			this.router.missed(head);
			this.routed = head;
		}
	}

	/**
	 * Waits for the transaction that holds back: its commit wakes us if it is of this
	 * node.
	 */
	private Duration heldBack(boolean proven) {
		Duration patience = (proven && this.heldBack == this.routed) ? HELD_BACK : PATIENCE;
		if (proven || this.heldBack != this.routed) {
			this.heldBack = this.routed;
			this.heldBackUntil = System.nanoTime() + patience.toNanos();
		}
		return patience;
	}

	private LogSegment follow(boolean thorough, int most) {
		try {
			return thorough ? this.log.follow(this.routed, most) : this.log.followQuickly(this.routed, most);
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

		/** Whether there is anybody to route to. */
		boolean hasWorkers();

		/** Events up to there are not routed, and everybody has to look for them. */
		void missed(long last);

	}

}
