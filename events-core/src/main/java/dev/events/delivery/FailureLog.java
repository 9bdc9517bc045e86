package dev.events.delivery;

import java.time.Duration;

import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators of failures of a partition's handler: of every event that is given up,
 * and now and then of an attempt that will be repeated, so that a handler that fails on
 * everything does not fill the log. Messages and data stay out: they may be confidential;
 * the dead letter has them. For the thread that runs the worker.
 */
final class FailureLog {

	private static final Logger logger = LoggerFactory.getLogger(FailureLog.class);

	private static final long QUIET_NANOS = Duration.ofSeconds(30).toNanos();

	private final PartitionId partition;

	private long quietUntil = System.nanoTime();

	private long untold;

	FailureLog(PartitionId partition) {
		this.partition = partition;
	}

	void attemptFailed(EventRecord event, int attempts, Duration next, Throwable error, boolean quotable) {
		logger.debug("{} failed on attempt {} of event {} ({}), next in {}", this.partition, attempts, event.id(),
				event.type(), next, quotable ? error : error.getClass().getName());
		if (this.quietUntil - System.nanoTime() > 0) {
			this.untold++;
			return;
		}
		logger.warn(
				"{} failed on attempt {} of event {} ({}) with {}, next in {}; {} such failures before it were not "
						+ "logged",
				this.partition, attempts, event.id(), event.type(), error.getClass().getName(), next, this.untold);
		this.untold = 0;
		this.quietUntil = System.nanoTime() + QUIET_NANOS;
	}

	void givenUp(EventRecord event, int attempts, Throwable error) {
		logger.warn("{} gives up event {} ({}) after {} attempt(s): {}", this.partition, event.id(), event.type(),
				attempts, error.getClass().getName());
	}

}
