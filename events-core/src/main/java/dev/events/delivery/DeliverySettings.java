package dev.events.delivery;

import java.time.Duration;

/**
 * How events are delivered.
 *
 * @param partitions partitions of a subscription that does not say how many
 * @param leaseDuration how long a node that died keeps its partitions
 * @param pollInterval how often the log is looked at when nothing wakes the node
 * @param checkpointInterval longest time from progress to saving it
 * @param pageSize most events read at once
 * @param maxParked most deliveries of one partition that may be parked before it stands
 * still
 * @param shutdownTimeout how long running handlers may take to finish when the node stops
 * @param handlerTimeout how long a call of a handler may take before it is interrupted;
 * zero for any time
 */
public record DeliverySettings(int partitions, Duration leaseDuration, Duration pollInterval,
		Duration checkpointInterval, int pageSize, int maxParked, Duration shutdownTimeout, Duration handlerTimeout) {

	/**
	 * 4 partitions, 10 s, 500 ms, 100 ms, 500 events, 10,000 deliveries, 20 s, no handler
	 * timeout.
	 */
	public static final DeliverySettings DEFAULT = new DeliverySettings(4, Duration.ofSeconds(10),
			Duration.ofMillis(500), Duration.ofMillis(100), 500, 10_000, Duration.ofSeconds(20), Duration.ZERO);

	public DeliverySettings {
		require(partitions >= 1 && partitions <= 1024, "partitions must be from 1 to 1024");
		require(leaseDuration.compareTo(Duration.ofSeconds(1)) >= 0, "lease-duration must be at least 1s");
		require(pollInterval.compareTo(Duration.ofMillis(10)) >= 0, "poll-interval must be at least 10ms");
		require(checkpointInterval.compareTo(Duration.ofMillis(1)) >= 0
				&& checkpointInterval.compareTo(Duration.ofMinutes(1)) <= 0,
				"checkpoint-interval must be from 1ms to 1m");
		require(pageSize >= 1 && pageSize <= 10_000, "page-size must be from 1 to 10000");
		require(maxParked >= 1, "max-parked must be at least 1");
		require(!shutdownTimeout.isNegative(), "shutdown-timeout must not be negative");
		require(!handlerTimeout.isNegative(), "handler-timeout must not be negative");
	}

	/** A copy with another lease duration. */
	public DeliverySettings withLeaseDuration(Duration leaseDuration) {
		return new DeliverySettings(this.partitions, leaseDuration, this.pollInterval, this.checkpointInterval,
				this.pageSize, this.maxParked, this.shutdownTimeout, this.handlerTimeout);
	}

	/** A copy with another bound on parked deliveries. */
	public DeliverySettings withMaxParked(int maxParked) {
		return new DeliverySettings(this.partitions, this.leaseDuration, this.pollInterval, this.checkpointInterval,
				this.pageSize, maxParked, this.shutdownTimeout, this.handlerTimeout);
	}

	/** A copy with another shutdown timeout. */
	public DeliverySettings withShutdownTimeout(Duration shutdownTimeout) {
		return new DeliverySettings(this.partitions, this.leaseDuration, this.pollInterval, this.checkpointInterval,
				this.pageSize, this.maxParked, shutdownTimeout, this.handlerTimeout);
	}

	/** A copy with another handler timeout. */
	public DeliverySettings withHandlerTimeout(Duration handlerTimeout) {
		return new DeliverySettings(this.partitions, this.leaseDuration, this.pollInterval, this.checkpointInterval,
				this.pageSize, this.maxParked, this.shutdownTimeout, handlerTimeout);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException("Delivery: " + message);
		}
	}

}
