package dev.events.spring.test;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.events.test.TestEventBus;

/**
 * One test at a time: Spring shares application contexts between test classes, and tests
 * may run in parallel. Thread-safe.
 */
final class TestEventBusTurns {

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	// not a lock: another thread may end the turn, and no thread may have two at once
	private final Semaphore turn = new Semaphore(1, true);

	private final TestEventBus bus;

	TestEventBusTurns(TestEventBus bus) {
		this.bus = bus;
	}

	/** Waits for the test before, and begins with an empty bus. */
	void begin() throws InterruptedException {
		if (!this.turn.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
			throw new IllegalStateException(
					"Another test of the same application context has not ended within " + PATIENCE);
		}
		try {
			this.bus.reset();
		}
		catch (RuntimeException | Error ex) {
			end();
			throw ex;
		}
	}

	void end() {
		this.turn.release();
	}

}
