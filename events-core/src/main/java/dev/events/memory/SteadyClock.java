package dev.events.memory;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The time at which it was made, and what has passed since then: when the machine's clock
 * is set, neither does a lease run out nor does a retry wait for an hour.
 */
final class SteadyClock extends Clock {

	private final Instant start;

	private final LongSupplier nanoTime;

	private final long startNanos;

	SteadyClock(InstantSource wall, LongSupplier nanoTime) {
		this.start = wall.instant();
		this.nanoTime = nanoTime;
		this.startNanos = nanoTime.getAsLong();
	}

	@Override
	public Instant instant() {
		return this.start.plusNanos(this.nanoTime.getAsLong() - this.startNanos);
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		throw new UnsupportedOperationException();
	}

}
