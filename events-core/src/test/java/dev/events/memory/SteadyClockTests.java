package dev.events.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SteadyClockTests {

	private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

	private final AtomicReference<Instant> wall = new AtomicReference<>(START);

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

	private final SteadyClock clock = new SteadyClock(this.wall::get, this.nanos::get);

	@Test
	void settingTheMachinesClockChangesNothing() {
		assertThat(this.clock.instant()).isEqualTo(START);
		this.wall.set(START.plus(Duration.ofHours(1)));
		assertThat(this.clock.instant()).isEqualTo(START);
		this.wall.set(START.minus(Duration.ofHours(1)));
		assertThat(this.clock.instant()).isEqualTo(START);
	}

	@Test
	void timePasses() {
		// also when the counter runs over
		this.nanos.addAndGet(Duration.ofSeconds(3).toNanos());
		assertThat(this.clock.instant()).isEqualTo(START.plusSeconds(3));
	}

}
