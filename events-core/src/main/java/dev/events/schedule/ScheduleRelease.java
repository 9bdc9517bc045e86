package dev.events.schedule;

import java.time.Duration;
import java.time.Instant;

import dev.events.delivery.Loop;
import dev.events.stats.EventCounters;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Has what is due moved into the log. Every node does so, for none must depend on
 * another; the store lets one at a time. A node sleeps until the next event is due, but
 * not for longer than it may take others to notice what a node has scheduled that died
 * right after. All times are the store's. Can be started and stopped again and again.
 * Thread-safe.
 */
public final class ScheduleRelease {

	private static final Duration GATHERING = Duration.ofMillis(20);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final EventStore store;

	private final EventCounters counters;

	private final Runnable onRelease;

	private volatile @Nullable Running running;

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
		if (this.running == null) {
			ReleaseRun run = new ReleaseRun(this.store, this.counters, this.onRelease);
			Loop starting = new Loop("events-schedule", run::step, GATHERING, GATHERING);
			this.running = new Running(run, starting);
			starting.start();
		}
	}

	/** Ends; a release that is under way is waited for. */
	public synchronized void stop() {
		Running stopping = this.running;
		if (stopping != null) {
			stopping.loop.stop(PATIENCE);
			this.running = null;
		}
	}

	/** An event is on the schedule for good. */
	public void wake(Instant dueAt) {
		Running current = this.running;
		if (current != null && current.run.sleepsBeyond(dueAt)) {
			current.loop.signal();
		}
	}

	/** Whether something is due that is not in the log yet. */
	public boolean isBehind() {
		return this.store.schedule()
			.list(null, 1)
			.stream()
			.anyMatch((first) -> !first.place().dueAt().isAfter(this.store.now()));
	}

	/** Time may have made a jump: looks at once. */
	public void wake() {
		Running current = this.running;
		if (current != null) {
			current.loop.signal();
		}
	}

	/**
	 * From start to stop.
	 */
	private record Running(ReleaseRun run, Loop loop) {

	}

}
