package dev.events;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * State of one subscription.
 *
 * @param id unique id
 * @param patterns which event types it receives
 * @param state what it is doing
 * @param durable whether it has a cursor
 * @param synchronous whether it runs in the publisher's thread
 * @param organization organization it is limited to, or {@code null}
 * @param partitions number of partitions
 * @param lag how many log positions the slowest partition is behind; 0 when it has all
 * @param parked deliveries that wait for their next attempt, or behind one that does
 * @param deadLetters deliveries that were given up
 * @param delivered deliveries that succeeded on this node since it started
 * @param failed attempts that failed on this node since it started
 * @param handlerTime time its handler has taken on this node since it started, all
 * attempts together
 * @param owners which node serves which partitions
 * @param type {@code handler} when the subscriber is in the code, else the type of its
 * connector
 * @param createdFrom who created it, {@code code} for subscribers in the code
 * @param note why it is paused or broken, or {@code null}
 */
public record SubscriptionInfo(String id, List<String> patterns, State state, boolean durable, boolean synchronous,
		@Nullable String organization, int partitions, long lag, long parked, long deadLetters, long delivered,
		long failed, Duration handlerTime, Map<String, List<Integer>> owners, String type, String createdFrom,
		@Nullable String note) {

	/**
	 * What a subscription is doing.
	 */
	public enum State {

		/** Some node serves it. */
		ACTIVE,

		/**
		 * Nodes that serve it are running, but some partition has no owner at the moment.
		 */
		STARTING,

		/**
		 * A partition stands still because too many of its deliveries are parked; it goes
		 * on when these are done.
		 */
		BLOCKED,

		/** It is switched off; events wait. */
		PAUSED,

		/**
		 * It is data that this node cannot make sense of, see {@code note}; events wait.
		 */
		BROKEN,

		/** The store knows it, but no running node serves it. */
		ABANDONED

	}

}
