package dev.events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Goes as the machine's clock does, and forward by as much as a test wants, so that
 * nothing comes before the test is ready for it. Thread-safe.
 */
public final class ShiftedClock extends Clock {

	private final Clock machine = Clock.systemUTC();

	private volatile Duration shift = Duration.ZERO;

	/** Lets time pass at once. */
	public synchronized void advance(Duration time) {
		this.shift = this.shift.plus(time);
	}

	@Override
	public Instant instant() {
		return this.machine.instant().plus(this.shift);
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

}
