package dev.events.delivery;

import java.time.Duration;

/**
 * Keeps a partition's share of a replay within its share of the rate. Only touched by the
 * thread that runs the worker.
 */
final class ReplayPace {

	// timers are not exact, so what was missed for them may be caught up with
	private static final long CREDIT = Duration.ofMillis(50).toNanos();

	// for one event, or 0 for any number of events
	private final long nanos;

	private long next = System.nanoTime();

	/**
	 * Creates a pace.
	 * @param rate events a second, or 0 for any number
	 */
	ReplayPace(double rate) {
		this.nanos = (rate > 0) ? (long) Math.max(1, Math.min(1e9 / rate, Long.MAX_VALUE / 4.0)) : 0;
	}

	/** How long to wait before the next event; zero or less for not at all. */
	Duration patience() {
		return (this.nanos > 0) ? Duration.ofNanos(this.next - System.nanoTime()) : Duration.ZERO;
	}

	/** How many events at most may be handled together. */
	int most(int wanted) {
		return (this.nanos > 0) ? (int) Math.max(1, Math.min(wanted, Duration.ofSeconds(1).toNanos() / this.nanos))
				: wanted;
	}

	/** So many events are handled. */
	void handled(int events) {
		if (this.nanos > 0) {
			long earliest = System.nanoTime() - CREDIT;
			this.next = ((earliest - this.next > 0) ? earliest : this.next) + events * this.nanos;
		}
	}

}
