package dev.events.saga;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import dev.events.SagaInfo.Status;
import dev.events.SagaStats;

/**
 * What the sagas of one definition have done on this node. Thread-safe.
 */
final class SagaCounters {

	final LongAdder started = new LongAdder();

	final LongAdder completed = new LongAdder();

	final LongAdder compensated = new LongAdder();

	final LongAdder timeouts = new LongAdder();

	final LongAdder conflicts = new LongAdder();

	final LongAdder duplicates = new LongAdder();

	final LongAdder late = new LongAdder();

	final LongAdder ignored = new LongAdder();

	void ended(Status status) {
		if (status.isFinal()) {
			((status == Status.COMPLETED) ? this.completed : this.compensated).increment();
		}
	}

	SagaStats stats(String saga, boolean registered, Map<Status, Long> sagas) {
		return new SagaStats(saga, registered, sagas, this.started.sum(), this.completed.sum(), this.compensated.sum(),
				this.timeouts.sum(), this.conflicts.sum(), this.duplicates.sum(), this.late.sum(), this.ignored.sum());
	}

}
