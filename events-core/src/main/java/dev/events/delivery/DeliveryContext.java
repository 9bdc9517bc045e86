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
 * @param timers does things later
 * @param transactions those of transactional subscribers
 * @param givenUp tells those who wait for an answer that there will be none
 * @param giveUp told of a worker whose lease is lost, or that cannot tell any more what
 * the store knows
 * @param replayEnded told when a worker has come to the end of a replay
 */
record DeliveryContext(DeliverySettings settings, EventCounters counters, Saver saver, Consumer<Duration> retryHint,
		Timers timers, DeliveryTransactions transactions, GivenUpRequests givenUp, Consumer<PartitionWorker> giveUp,
		Runnable replayEnded) {

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
