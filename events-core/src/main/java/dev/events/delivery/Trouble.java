package dev.events.delivery;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A series of failures, of which operators are to hear: when it begins and when it is
 * over. Where series follow each other quickly, of one in a minute. For one thread.
 */
final class Trouble {

	private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

	private int failures;

	// whether operators know of this series
	private boolean told;

	private @Nullable Long lastTold;

	/**
	 * It failed.
	 * @return whether operators are to be told
	 */
	boolean failed() {
		this.failures++;
		long now = System.nanoTime();
		if (this.told || this.lastTold != null && now - this.lastTold < QUIET_NANOS) {
			return false;
		}
		this.told = true;
		this.lastTold = now;
		return true;
	}

	/**
	 * It worked.
	 * @return after how many failures that is to be told; 0 if it is not
	 */
	int over() {
		int tell = this.told ? this.failures : 0;
		this.failures = 0;
		this.told = false;
		return tell;
	}

	/** Failures one after the other. */
	int failures() {
		return this.failures;
	}

}
