package dev.events.observation;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observation that has been started, and is the current one of the thread. For one
 * thread at a time.
 * <p>
 * Invariants: whatever goes wrong in those that observe is logged, and changes nothing of
 * what is observed, else a handler that succeeded would be called again, or an event
 * never be delivered; and when it is left, the thread has the observation that it had
 * before, else what the thread does later would belong to this one.
 */
public final class Observed {

	/** Seen by nobody. */
	static final Observed NONE = new Observed(ObservationRegistry.NOOP, true);

	private static final Logger logger = LoggerFactory.getLogger(Observed.class);

	private static final long QUIET_NANOS = Duration.ofSeconds(30).toNanos();

	// one that is broken is so for every event
	private static final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

	private final ObservationRegistry registry;

	private final boolean quotable;

	private @Nullable Observation observation;

	private Observation.@Nullable Scope outer;

	private Observation.@Nullable Scope scope;

	private Observed(ObservationRegistry registry, boolean quotable) {
		this.registry = registry;
		this.quotable = quotable;
	}

	/**
	 * Starts an observation, and makes it the current one of the thread.
	 * @param registry which it is of
	 * @param source makes the observation
	 * @param quotable whether errors may be shown with their messages; not when these may
	 * quote data that is encrypted
	 */
	public static Observed start(ObservationRegistry registry, Supplier<Observation> source, boolean quotable) {
		Observed observed = new Observed(registry, quotable);
		try {
			Observation observation = source.get();
			observation.start();
			observed.observation = observation;
			observed.enter(observation);
		}
		catch (Throwable ex) {
			warn(ex);
		}
		return observed;
	}

	private void enter(Observation entered) {
		this.outer = this.registry.getCurrentObservationScope();
		try {
			this.scope = entered.openScope();
		}
		finally {
			Observation.Scope current = this.registry.getCurrentObservationScope();
			if (this.scope == null && current != null && current != this.outer) {
				// some of those that observe have opened theirs
				close(current);
			}
		}
	}

	/** Says that it fails. */
	public void failed(Throwable error) {
		if (this.observation != null) {
			try {
				this.observation.error(this.quotable ? error : UnquotedException.of(error));
			}
			catch (Throwable ex) {
				warn(ex);
			}
		}
	}

	/**
	 * What the thread does from here on is not part of it; it has not ended yet. To be
	 * called by the thread that has started it.
	 */
	public void leave() {
		Observation.Scope open = this.scope;
		this.scope = null;
		if (open != null) {
			close(open);
		}
	}

	private void close(Observation.Scope open) {
		try {
			open.close();
		}
		catch (Throwable ex) {
			warn(ex);
		}
		finally {
			if (this.registry.getCurrentObservationScope() != this.outer) {
				this.registry.setCurrentObservationScope(this.outer);
			}
		}
	}

	/** Ends it; any thread may do so once it was left, else the one that started it. */
	public void stop() {
		leave();
		if (this.observation != null) {
			try {
				this.observation.stop();
			}
			catch (Throwable ex) {
				warn(ex);
			}
		}
	}

	static void warn(Throwable ex) {
		long until = quietUntil.get();
		long now = System.nanoTime();
		if (now - until >= 0 && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
			logger.warn("Observing failed; what was observed goes on. Not said again for 30 seconds", ex);
		}
	}

}
