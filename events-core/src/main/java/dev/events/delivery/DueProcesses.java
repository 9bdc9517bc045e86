package dev.events.delivery;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Looks for processes of some kinds that are due, in a thread of its own. Can be started
 * and stopped again and again. Thread-safe.
 */
public final class DueProcesses {

	/** What is due is noticed about a second later. */
	public static final long PAUSE_MILLIS = 1000;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final String thread;

	private final EventStore store;

	private final Collection<? extends Kind> kinds;

	private @Nullable Loop loop;

	/**
	 * Creates it.
	 * @param thread name of the thread
	 * @param kinds what to look for; others may change it at any time
	 */
	public DueProcesses(String thread, EventStore store, Collection<? extends Kind> kinds) {
		this.thread = thread;
		this.store = store;
		this.kinds = kinds;
	}

	/** Begins to look. Does nothing when it has begun already. */
	public synchronized void start() {
		if (this.loop == null) {
			Loop starting = new Loop(this.thread, this::sweep);
			this.loop = starting;
			starting.start();
		}
	}

	/** Ends; what is being done is waited for. */
	public synchronized void stop() {
		Loop stopping = this.loop;
		if (stopping != null) {
			stopping.stop(PATIENCE);
			this.loop = null;
		}
	}

	/** Looks at once: something is new, or time may have made a jump. */
	public synchronized void wake() {
		if (this.loop != null) {
			this.loop.signal();
		}
	}

	/** Whether something is due and not done yet. */
	public boolean isBehind() {
		return this.kinds.stream().anyMatch((kind) -> !this.store.processes().due(kind.process(), 1).isEmpty());
	}

	/** Does what is due, and says how long to wait. */
	public Duration sweep() {
		boolean more = false;
		long pause = PAUSE_MILLIS;
		for (Kind kind : this.kinds) {
			more |= kind.sweep();
			pause = Math.min(pause, kind.pauseMillis());
		}
		// nodes that look at the same time would do the same
		return more ? Duration.ZERO : Duration.ofMillis(pause - ThreadLocalRandom.current().nextLong(pause / 4));
	}

	/**
	 * A kind of processes.
	 */
	public interface Kind {

		/** Its name in the store. */
		String process();

		/**
		 * Does what is due now.
		 * @return whether there may be more to do now
		 */
		boolean sweep();

		/** How long to wait at most, until it is looked for again. */
		default long pauseMillis() {
			return PAUSE_MILLIS;
		}

	}

}
