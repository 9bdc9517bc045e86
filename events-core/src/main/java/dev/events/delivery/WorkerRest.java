package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

import dev.events.delivery.Attempts.LeaseOverException;
import dev.events.store.PartitionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a worker pauses after something went wrong that is not a handler's fault, most
 * likely the store or the executor. Thread-safe.
 */
final class WorkerRest {

	private static final Logger logger = LoggerFactory.getLogger(PartitionWorker.class);

	private final PartitionId partition;

	private volatile long until = System.nanoTime();

	// racy on purpose: counted by the running thread or by whom the executor refused
	private volatile int failures;

	WorkerRest(PartitionId partition) {
		this.partition = partition;
	}

	boolean isOver() {
		return this.until - System.nanoTime() <= 0;
	}

	/** All is well again. */
	void forget() {
		this.failures = 0;
	}

	/**
	 * Begins a pause, longer each time.
	 * @param closed whether the worker takes nothing more, so that errors are expected
	 */
	Duration begin(Throwable ex, boolean closed) {
		int failures = this.failures + 1;
		this.failures = failures;
		Duration pause = Duration.ofMillis(Math.min(5_000, 100L << Math.min(6, failures)));
		this.until = System.nanoTime() + pause.toNanos();
		boolean expected = closed || ex instanceof RejectedExecutionException || ex instanceof LeaseOverException;
		if (failures == 1 && !expected) {
			logger.warn("{} pauses and will try again until it succeeds", this.partition, ex);
		}
		else {
			logger.debug("{} pauses for {}", this.partition, pause, ex);
		}
		return pause;
	}

}
