package dev.events.aggregation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Goes on when it is told to. */
final class ManualClock extends Clock {

	static final Instant START = Instant.parse("2026-11-26T10:00:00Z");

	private volatile Instant now = START;

	void advance(Duration time) {
		this.now = this.now.plus(time);
	}

	long nanoTime() {
		return Duration.between(START, this.now).toNanos();
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
		return this;
	}

}
