package dev.events;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Counts since this node started, and the state of subscriptions and nodes.
 *
 * @param store name of the store
 * @param published events stored by publishers of this node (committed ones only)
 * @param delivered deliveries that succeeded on this node
 * @param failed delivery attempts that failed on this node
 * @param cancelled events that a synchronous subscriber cancelled
 * @param dropped events that an interceptor dropped
 * @param rejected events that were refused: by an interceptor, as invalid, or because a
 * synchronous subscriber failed
 * @param refused events that must not be published, or must not come to a subscriber, see
 * {@link EventAccessPolicy}
 * @param duplicates events whose id was stored already
 * @param deferred events published in transactions that the store did not take part in,
 * and so stored after their commit
 * @param lost events of committed transactions that the store did not take afterwards
 * @param unknown events of committed transactions of which nobody knows whether the store
 * took them afterwards, for its answer was lost
 * @param erased deliveries on this node that were passed over because the data subject of
 * the event was forgotten
 * @param scheduled events that wait for their time, counted at most some seconds ago
 * @param deadLetters size of the dead letter queue
 * @param head newest position in the log
 * @param byType counts by event type
 * @param subscriptions state of each subscription
 * @param nodes the running nodes
 * @param retention what retention does, or {@code null} when everything is kept
 */
public record EventStats(String store, long published, long delivered, long failed, long cancelled, long dropped,
		long rejected, long refused, long duplicates, long deferred, long lost, long unknown, long erased,
		long scheduled, long deadLetters, long head, Map<String, TypeStats> byType,
		List<SubscriptionInfo> subscriptions, List<Node> nodes, @Nullable Retention retention) {

	/**
	 * Counts of one event type.
	 *
	 * @param published events stored
	 * @param delivered deliveries that succeeded
	 * @param failed delivery attempts that failed
	 */
	public record TypeStats(long published, long delivered, long failed) {

	}

	/**
	 * What retention has done and what it must not do.
	 *
	 * @param deleted events deleted by this node
	 * @param heldBack events that the rules no longer keep, but a subscription has not
	 * had: at least so many; 0 on nodes that do not delete at present
	 * @param heldBackBy the subscription that is furthest behind, or {@code null} when
	 * nothing is held back
	 */
	public record Retention(long deleted, long heldBack, @Nullable String heldBackBy) {

	}

	/**
	 * A running node.
	 *
	 * @param id unique id
	 * @param startedAt when it started
	 * @param seenAt when it last reported to the store
	 * @param self whether it is the one asked
	 */
	public record Node(String id, Instant startedAt, Instant seenAt, boolean self) {

	}

}
