package dev.events.connector;

import java.time.Duration;
import java.util.List;

import dev.events.AfterDeadLetter;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import org.jspecify.annotations.Nullable;

/**
 * How the events of a stored subscription are delivered, as its configuration says.
 *
 * @param startAt where it begins when it is created
 * @param maxAttempts attempts in all
 * @param initialDelay time from the first failure to the second attempt
 * @param maxDelay longest delay
 * @param timeout how long one attempt may take
 * @param concurrency most attempts at the same time on one node
 * @param batchSize most events that are delivered at once
 * @param afterDeadLetter what happens to later events of a key after a dead letter
 * @param ignoreSources events of these sources are passed over
 * @param sources only events of these sources are taken
 * @param replay whether stored events may be replayed to it
 */
record DeliveryOptions(@Nullable StartPosition startAt, @Nullable Integer maxAttempts, @Nullable Duration initialDelay,
		@Nullable Duration maxDelay, @Nullable Duration timeout, @Nullable Integer concurrency,
		@Nullable Integer batchSize, @Nullable AfterDeadLetter afterDeadLetter, @Nullable List<String> ignoreSources,
		@Nullable List<String> sources, @Nullable Boolean replay) {

	static final DeliveryOptions NONE = new DeliveryOptions(null, null, null, null, null, null, null, null, null, null,
			null);

	StartPosition start() {
		return (this.startAt != null) ? this.startAt : StartPosition.HEAD;
	}

	/**
	 * Most events at once.
	 * @param defaultSize what the connector says
	 * @throws InvalidConfigException when the connector takes them one at a time only
	 */
	int batchSize(int defaultSize) {
		if (this.batchSize == null) {
			return defaultSize;
		}
		InvalidConfigException.require(defaultSize > 1 || this.batchSize == 1, "delivery.batchSize",
				"must be 1, for this type takes one event at a time");
		return this.batchSize;
	}

	/**
	 * Tells them to the builder of a subscriber, which checks them.
	 * @param defaultRetry policy for what is not said here
	 */
	void apply(Subscriber.Builder<?> subscriber, RetryPolicy defaultRetry) {
		subscriber.startAt(start());
		subscriber.retry(retry(defaultRetry));
		if (this.maxAttempts != null) {
			subscriber.maxAttempts(this.maxAttempts);
		}
		if (this.timeout != null) {
			subscriber.timeout(this.timeout);
		}
		if (this.concurrency != null) {
			subscriber.concurrency(this.concurrency);
		}
		if (this.afterDeadLetter != null) {
			subscriber.afterDeadLetter(this.afterDeadLetter);
		}
		if (this.ignoreSources != null) {
			subscriber.ignoreSources(this.ignoreSources.toArray(String[]::new));
		}
		if (this.sources != null) {
			subscriber.sources(this.sources.toArray(String[]::new));
		}
		if (this.replay != null) {
			subscriber.replay(this.replay);
		}
	}

	private RetryPolicy retry(RetryPolicy defaults) {
		Duration initial = (this.initialDelay != null) ? this.initialDelay : defaults.initialDelay();
		Duration max = (this.maxDelay != null) ? this.maxDelay : defaults.maxDelay();
		if (this.maxDelay == null && max.compareTo(initial) < 0) {
			max = initial;
		}
		return new RetryPolicy(defaults.maxAttempts(), initial, defaults.multiplier(), max, defaults.jitter());
	}

}
