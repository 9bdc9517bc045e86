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
 * @param requests requests of this node and their answers
 * @param batches what emitters of this node have emitted
 */
public record EventStats(String store, long published, long delivered, long failed, long cancelled, long dropped,
		long rejected, long refused, long duplicates, long deferred, long lost, long unknown, long erased,
		long scheduled, long deadLetters, long head, Map<String, TypeStats> byType,
		List<SubscriptionInfo> subscriptions, List<Node> nodes, @Nullable Retention retention, Requests requests,
		Batches batches) {

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
	 * Requests of this node, see {@link EventRequest}.
	 *
	 * @param sent requests that were sent
	 * @param answered requests that got what they waited for
	 * @param timedOut requests whose time was over before that
	 * @param failed requests that failed or were cancelled
	 * @param pending requests that wait now
	 * @param late answers that came when their request had timed out, failed or been
	 * cancelled
	 * @param surplus answers beyond those that were waited for: further ones, those of
	 * other types or organizations, and repeated ones
	 * @param unknown answers to requests that this node does not know: older ones, or
	 * those of its life before a restart
	 */
	public record Requests(long sent, long answered, long timedOut, long failed, int pending, long late, long surplus,
			long unknown) {

		/** No requests. */
		public static final Requests NONE = new Requests(0, 0, 0, 0, 0, 0, 0, 0);

	}

	/**
	 * What emitters of this node do, see {@link BatchEmitter}.
	 *
	 * @param emitted events that were emitted
	 * @param items items in them
	 * @param waiting items that wait now, and would be lost with the process
	 * @param lost items that could not be emitted
	 */
	public record Batches(long emitted, long items, int waiting, long lost) {

		/** Nothing. */
		public static final Batches NONE = new Batches(0, 0, 0, 0);

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
