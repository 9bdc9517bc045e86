package dev.events.delivery;

import java.time.Duration;
import java.util.function.Consumer;

import dev.events.stats.EventCounters;

/**
 * What all workers of a node share.
 *
 * @param settings settings
 * @param counters counters
 * @param saver saves what a worker has done
 * @param retryHint told in how long something will be due
 */
record DeliveryContext(DeliverySettings settings, EventCounters counters, Saver saver, Consumer<Duration> retryHint) {

	/**
	 * Saves progress at once.
	 */
	interface Saver {

		/**
		 * Returns when everything that the worker has done before the call is saved.
		 * @throws dev.events.EventStoreException when it could not be saved
		 */
		void save(PartitionWorker worker);

	}

}
