package dev.events.delivery;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.store.EventStore;
import dev.events.store.ProcessRecord;
import org.jspecify.annotations.Nullable;

/**
 * Looks for processes of some kinds that are due, in a thread of its own. Each node does
 * its share of them, see {@link DueShare}. Can be started and stopped again and again.
 * Thread-safe.
 */
public final class DueProcesses {

	/** What is due is noticed about a second later. */
	public static final long PAUSE_MILLIS = 1000;

	private static final int PAGE = 100;

	private static final int LONG_PAGE = 500;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final String thread;

	private final EventStore store;

	private final Collection<? extends Kind> kinds;

	private @Nullable Loop loop;

	private volatile @Nullable String node;

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

	/**
	 * Begins to look. Does nothing when it has begun already.
	 * @param node id of this node
	 */
	public synchronized void start(String node) {
		if (this.loop == null) {
			this.node = node;
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

	/**
	 * Does what is due, and says how long to wait. Before it was started, as one who is
	 * alone.
	 */
	public Duration sweep() {
		boolean more = false;
		long pause = PAUSE_MILLIS;
		for (Kind kind : this.kinds) {
			more |= sweep(kind);
			pause = Math.min(pause, kind.pauseMillis());
		}
		// nodes that look at the same time would do the same
		return more ? Duration.ZERO : Duration.ofMillis(pause - ThreadLocalRandom.current().nextLong(pause / 4));
	}

	/** Whether there may be more to do now. */
	private boolean sweep(Kind kind) {
		List<ProcessRecord> due = this.store.processes().due(kind.process(), PAGE);
		if (due.isEmpty()) {
			return false;
		}
		String node = this.node;
		List<ProcessRecord> share = (node != null) ? share(kind, due, new DueShare(this.store, node)) : due;
		return !share.isEmpty() && kind.sweep(share) && due.size() == PAGE;
	}

	private List<ProcessRecord> share(Kind kind, List<ProcessRecord> due, DueShare shares) {
		List<ProcessRecord> share = shares.of(kind.process(), due, false);
		if (!share.isEmpty() || due.size() < PAGE) {
			return share;
		}
		// those of others may stand in front of its own
		List<ProcessRecord> further = this.store.processes().due(kind.process(), LONG_PAGE);
		return shares.of(kind.process(), further, further.size() == LONG_PAGE);
	}

	/**
	 * A kind of processes.
	 */
	public interface Kind {

		/**
		 * Its name in the store, which is also the id of the subscription by which its
		 * events come.
		 */
		String process();

		/**
		 * Does what is due now.
		 * @param due what is due, one or more
		 * @return whether that was done, and not put aside for a later look
		 */
		boolean sweep(List<ProcessRecord> due);

		/** How long to wait at most, until it is looked for again. */
		default long pauseMillis() {
			return PAUSE_MILLIS;
		}

	}

}
