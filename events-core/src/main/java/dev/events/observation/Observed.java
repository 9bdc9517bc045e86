package dev.events.observation;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An observation that has been started, and is the current one of the thread. Whatever
 * goes wrong in those that observe is logged, and changes nothing of what is observed:
 * else a handler that succeeded would be called again.
 */
public final class Observed {

	/** Seen by nobody. */
	static final Observed NONE = new Observed(null, null);

	private static final Logger logger = LoggerFactory.getLogger(Observed.class);

	private final @Nullable Observation observation;

	private Observation.@Nullable Scope scope;

	private Observed(@Nullable Observation observation, Observation.@Nullable Scope scope) {
		this.observation = observation;
		this.scope = scope;
	}

	/** Starts an observation, and makes it the current one of the thread. */
	public static Observed start(Observation observation) {
		Observation.Scope scope = null;
		try {
			observation.start();
			scope = observation.openScope();
		}
		catch (RuntimeException ex) {
			warn(ex);
		}
		return new Observed(observation, scope);
	}

	/** Says that it fails. */
	public void failed(Throwable error) {
		if (this.observation != null) {
			try {
				this.observation.error(error);
			}
			catch (RuntimeException ex) {
				warn(ex);
			}
		}
	}

	/** What the thread does from here on is not part of it; it has not ended yet. */
	public void leave() {
		Observation.Scope open = this.scope;
		this.scope = null;
		if (open != null) {
			try {
				open.close();
			}
			catch (RuntimeException ex) {
				warn(ex);
			}
		}
	}

	/** Ends it. */
	public void stop() {
		leave();
		if (this.observation != null) {
			try {
				this.observation.stop();
			}
			catch (RuntimeException ex) {
				warn(ex);
			}
		}
	}

	private static void warn(RuntimeException ex) {
		logger.warn("Observing failed; what was observed goes on", ex);
	}

}
