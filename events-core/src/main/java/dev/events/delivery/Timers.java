package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Does short things later. Thread-safe.
 */
final class Timers {

	private final ScheduledThreadPoolExecutor executor;

	Timers() {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "events-timer");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setRemoveOnCancelPolicy(true);
	}

	/**
	 * Runs an action later, once; it must not wait for anything.
	 * @return what to cancel, or {@code null} after the stop
	 */
	@Nullable Future<?> in(Duration delay, Runnable action) {
		try {
			return this.executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			return null;
		}
	}

	/** Forgets what has not begun. */
	void stop() {
		this.executor.shutdownNow();
	}

}
