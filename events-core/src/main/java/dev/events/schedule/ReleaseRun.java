package dev.events.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.stats.EventCounters;
import dev.events.store.EventStore;
import dev.events.store.Released;
import org.jspecify.annotations.Nullable;

/**
 * One run of the release, from start to stop. Steps are for the thread of its loop; a run
 * that hangs when it is stopped shares nothing with the next one.
 */
final class ReleaseRun {

	private static final int LIMIT = 500;

	// an open transaction that cancels may hold back its whole key, and what is due of
	// other
	// keys stands behind that
	private static final int MOST = 8_000;

	// with the jitter below a second, in which a due event has to be in the log
	private static final Duration LONGEST_PAUSE = Duration.ofMillis(750);

	// while another node is at it, or a transaction holds back what is due; doubled each
	// time
	private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

	private final EventStore store;

	private final EventCounters counters;

	private final Runnable onRelease;

	private int limit = LIMIT;

	private Duration heldBackPause = FIRST_PAUSE;

	// what is due before this must wake us; everything while we look at the store
	private volatile Instant sleepsUntil = Instant.MAX;

	/**
	 * Creates a run.
	 * @param onRelease called when there are new events in the log
	 */
	ReleaseRun(EventStore store, EventCounters counters, Runnable onRelease) {
		this.store = store;
		this.counters = counters;
		this.onRelease = onRelease;
	}

	/** Whether something that is due then must wake it. */
	boolean sleepsBeyond(Instant dueAt) {
		return dueAt.isBefore(this.sleepsUntil);
	}

	/**
	 * Moves what is due, at most a batch.
	 * @return how long to wait before the next one
	 */
	Duration step() {
		this.sleepsUntil = Instant.MAX;
		Released released = release();
		if (!released.types().isEmpty()) {
			released.types().forEach(this.counters::published);
			this.onRelease.run();
		}
		Duration pause = pause(released);
		this.sleepsUntil = released.now().plus(pause);
		return pause;
	}

	private Released release() {
		try {
			return this.store.schedule().release(this.limit);
		}
		catch (RuntimeException ex) {
			// perhaps it was too much at once
			this.limit = Math.max(1, this.limit / 2);
			throw ex;
		}
	}

	private Duration pause(Released released) {
		Instant next = released.next();
		boolean due = next != null && !next.isAfter(released.now());
		if (due && released.types().isEmpty()) {
			return heldBack();
		}
		this.heldBackPause = FIRST_PAUSE;
		if (due) {
			// at once, and as far as it took to find something
			return Duration.ZERO;
		}
		this.limit = LIMIT;
		long longest = longest();
		return (next == null || next.isAfter(released.now().plusMillis(longest))) ? Duration.ofMillis(longest)
				: Duration.between(released.now(), next);
	}

	/** Asks less and less often, for that may last as long as somebody's transaction. */
	private Duration heldBack() {
		Duration pause = this.heldBackPause;
		this.limit = Math.min(2 * this.limit, MOST);
		Duration next = pause.multipliedBy(2);
		this.heldBackPause = (next.compareTo(LONGEST_PAUSE) < 0) ? next : Duration.ofMillis(longest());
		return pause;
	}

	private static long longest() {
		return LONGEST_PAUSE.toMillis() - ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toMillis() / 5);
	}

}
