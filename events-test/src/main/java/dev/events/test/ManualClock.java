package dev.events.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * A clock that stands still until it is moved, and never goes back. To let time pass use
 * {@link TestEventBus#advance(Duration)}, which also does what becomes due meanwhile.
 * Thread-safe.
 */
public final class ManualClock extends Clock {

	private volatile Instant now;

	/**
	 * Creates a clock.
	 * @param now what it shows; cut to microseconds, as stores do
	 */
	public ManualClock(Instant now) {
		this.now = now.truncatedTo(ChronoUnit.MICROS);
	}

	/**
	 * Moves it to a time, unless it is later already. Stores cut their time to
	 * microseconds: what is due then must be due by that time, too.
	 */
	synchronized void moveTo(Instant time) {
		Instant micros = time.truncatedTo(ChronoUnit.MICROS);
		Instant reached = micros.equals(time) ? micros : micros.plus(1, ChronoUnit.MICROS);
		if (reached.isAfter(this.now)) {
			this.now = reached;
		}
	}

	/** What it shows, as {@link System#nanoTime()} would. */
	long nanos() {
		Instant shown = this.now;
		return shown.getEpochSecond() * 1_000_000_000L + shown.getNano();
	}

	@Override
	public Instant instant() {
		return this.now;
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException("A manual clock is in UTC");
	}

	@Override
	public String toString() {
		return "ManualClock[" + instant() + "]";
	}

}
