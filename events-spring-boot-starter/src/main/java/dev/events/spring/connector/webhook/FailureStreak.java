package dev.events.spring.connector.webhook;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How long and how often a receiver has failed without a success in between, on this
 * node. Thread-safe.
 */
final class FailureStreak {

	static final int MIN_ATTEMPTS = 10;

	private @Nullable Instant since;

	private int attempts;

	synchronized void succeeded() {
		this.since = null;
		this.attempts = 0;
	}

	synchronized void failed(Instant now) {
		if (this.since == null) {
			this.since = now;
		}
		this.attempts++;
	}

	/**
	 * Whether it has lasted so long that it makes no sense to go on. Begins anew then, so
	 * that a receiver gets as long again after somebody has resumed its subscription.
	 * @return what to tell about it, or {@code null} to go on
	 */
	synchronized @Nullable String giveUp(Instant now, Duration after) {
		Instant first = this.since;
		if (first == null || this.attempts < MIN_ATTEMPTS || Duration.between(first, now).compareTo(after) < 0) {
			return null;
		}
		String told = this.attempts + " attempts since " + first + " on this node, and none succeeded";
		succeeded();
		return told;
	}

	synchronized @Nullable Instant since() {
		return this.since;
	}

	synchronized int attempts() {
		return this.attempts;
	}

}
