package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps interrupts away from the current thread until it is closed, and gives them back
 * then: who stops the engine has to see it through, and an interrupt must not hit the
 * store.
 */
final class UninterruptedWait implements AutoCloseable {

	private boolean interrupted = Thread.interrupted();

	/** Waits for a condition; whether it came true in time. */
	boolean until(BooleanSupplier condition, Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (!condition.getAsBoolean()) {
			if (deadline - System.nanoTime() <= 0) {
				return false;
			}
			LockSupport.parkNanos(1_000_000);
			takeInterrupt();
		}
		takeInterrupt();
		return true;
	}

	/** An interrupt that has come meanwhile. */
	void takeInterrupt() {
		this.interrupted |= Thread.interrupted();
	}

	@Override
	public void close() {
		if (this.interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
