package dev.events.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.delivery.Loop;
import dev.events.stats.EventCounters;
import dev.events.store.EventStore;
import dev.events.store.Released;
import org.jspecify.annotations.Nullable;

/**
 * Has what is due moved into the log. Every node does so, for none must depend on
 * another; the store lets one at a time. A node sleeps until the next event is due, but
 * not for longer than it may take others to notice what a node has scheduled that died
 * right after. All times are the store's. Can be started and stopped again and again.
 * Thread-safe.
 */
public final class ScheduleRelease {

	private static final int LIMIT = 500;

	// with the jitter below a second, in which a due event has to be in the log
	private static final Duration LONGEST_PAUSE = Duration.ofMillis(750);

	// while another node is at it, or a transaction holds back what is due
	private static final Duration HELD_BACK = Duration.ofMillis(50);

	private static final Duration GATHERING = Duration.ofMillis(20);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final EventStore store;

	private final EventCounters counters;

	private final Runnable onRelease;

	private volatile @Nullable Loop loop;

	// what is due before this must wake us; everything while we look at the store
	private volatile Instant sleepsUntil = Instant.MAX;

	/**
	 * Creates it; nothing runs yet.
	 * @param onRelease called when there are new events in the log
	 */
	public ScheduleRelease(EventStore store, EventCounters counters, Runnable onRelease) {
		this.store = store;
		this.counters = counters;
		this.onRelease = onRelease;
	}

	/** Begins. Does nothing when it has begun already. */
	public synchronized void start() {
		if (this.loop == null) {
			Loop starting = new Loop("events-schedule", this::release, GATHERING, GATHERING);
			this.loop = starting;
			starting.start();
		}
	}

	/** Ends; a release that is under way is waited for. */
	public synchronized void stop() {
		Loop stopping = this.loop;
		if (stopping != null) {
			stopping.stop(PATIENCE);
			this.loop = null;
		}
	}

	/** An event is on the schedule for good. */
	public void wake(Instant dueAt) {
		Loop current = this.loop;
		if (current != null && dueAt.isBefore(this.sleepsUntil)) {
			current.signal();
		}
	}

	private Duration release() {
		this.sleepsUntil = Instant.MAX;
		Released released = this.store.schedule().release(LIMIT);
		if (!released.types().isEmpty()) {
			released.types().forEach(this.counters::published);
			this.onRelease.run();
		}
		Duration pause = pause(released);
		this.sleepsUntil = released.now().plus(pause);
		return pause;
	}

	private static Duration pause(Released released) {
		Instant next = released.next();
		long longest = LONGEST_PAUSE.toMillis() - ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toMillis() / 5);
		if (next == null || next.isAfter(released.now().plusMillis(longest))) {
			return Duration.ofMillis(longest);
		}
		if (next.isAfter(released.now())) {
			return Duration.between(released.now(), next);
		}
		return released.types().isEmpty() ? HELD_BACK : Duration.ZERO;
	}

}
