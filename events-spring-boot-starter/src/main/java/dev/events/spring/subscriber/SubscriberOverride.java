package dev.events.spring.subscriber;

import java.time.Duration;

import dev.events.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about one subscriber instead of its annotation;
 * {@code null} where it says nothing.
 *
 * @param enabled whether it is registered at all
 * @param partitions number of partitions
 * @param concurrency most calls at the same time on one node
 * @param transactional whether handler and cursor share a database transaction
 * @param timeout how long one call may take
 * @param batchSize most events of a batch
 * @param batchWait how long a batch that is not full waits
 * @param maxAttempts attempts in all
 * @param initialDelay time from the first failure to the second attempt
 * @param multiplier growth from one delay to the next
 * @param maxDelay longest delay
 * @param jitter share of the delay by which it may be longer or shorter
 */
public record SubscriberOverride(boolean enabled, @Nullable Integer partitions, @Nullable Integer concurrency,
		@Nullable Boolean transactional, @Nullable Duration timeout, @Nullable Integer batchSize,
		@Nullable Duration batchWait, @Nullable Integer maxAttempts, @Nullable Duration initialDelay,
		@Nullable Double multiplier, @Nullable Duration maxDelay, @Nullable Double jitter) {

	boolean changesDelays() {
		return this.initialDelay != null || this.multiplier != null || this.maxDelay != null || this.jitter != null;
	}

	/**
	 * The policy that results when everything that is not said is as in another one.
	 */
	RetryPolicy retry(RetryPolicy base) {
		return new RetryPolicy((this.maxAttempts != null) ? this.maxAttempts : base.maxAttempts(),
				(this.initialDelay != null) ? this.initialDelay : base.initialDelay(),
				(this.multiplier != null) ? this.multiplier : base.multiplier(),
				(this.maxDelay != null) ? this.maxDelay : base.maxDelay(),
				(this.jitter != null) ? this.jitter : base.jitter());
	}

}
