package dev.events.spring.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.events.EventStats;
import dev.events.SubscriptionInfo;
import org.jspecify.annotations.Nullable;

/**
 * Counts and states as the endpoint {@code events} shows them.
 *
 * @param store name of the store
 * @param totals counts since this node started
 * @param scheduled events that wait for their time
 * @param deadLetters size of the dead letter queue
 * @param head newest position in the log
 * @param types counts by event type since this node started
 * @param subscriptions state of each subscription
 * @param nodes the running nodes
 * @param retention what retention has done and what it holds back, or {@code null} when
 * everything is kept
 * @param requests requests of this node and their answers since it started
 * @param batches what emitters of this node have emitted since it started
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventsDescriptor(String store, Totals totals, long scheduled, long deadLetters, long head,
		Map<String, EventStats.TypeStats> types, List<SubscriptionDescriptor> subscriptions, List<NodeDescriptor> nodes,
		EventStats.@Nullable Retention retention, EventStats.Requests requests, EventStats.Batches batches) {

	static EventsDescriptor of(EventStats stats) {
		Totals totals = new Totals(stats.published(), stats.delivered(), stats.failed(), stats.cancelled(),
				stats.dropped(), stats.rejected(), stats.refused(), stats.duplicates(), stats.deferred(), stats.lost(),
				stats.unknown(), stats.erased());
		return new EventsDescriptor(stats.store(), totals, stats.scheduled(), stats.deadLetters(), stats.head(),
				stats.byType(), stats.subscriptions().stream().map(SubscriptionDescriptor::of).toList(),
				stats.nodes().stream().map(NodeDescriptor::of).toList(), stats.retention(), stats.requests(),
				stats.batches());
	}

	/**
	 * Counts since this node started.
	 *
	 * @param published events stored
	 * @param delivered deliveries that succeeded
	 * @param failed delivery attempts that failed
	 * @param cancelled events that a synchronous subscriber cancelled
	 * @param dropped events that an interceptor dropped
	 * @param rejected events that could not be published
	 * @param refused events that must not be published, or must not come to a subscriber
	 * @param duplicates events whose id was stored already
	 * @param deferred events of transactions that the store did not take part in, stored
	 * after their commit
	 * @param lost events of committed transactions that the store did not take afterwards
	 * @param unknown events of committed transactions of which nobody knows whether the
	 * store took them afterwards
	 * @param erased deliveries passed over because the data subject was forgotten
	 */
	public record Totals(long published, long delivered, long failed, long cancelled, long dropped, long rejected,
			long refused, long duplicates, long deferred, long lost, long unknown, long erased) {

	}

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
	 * @param lag how many log positions the slowest partition is behind
	 * @param parked deliveries that wait for their next attempt, or behind one that does
	 * @param deadLetters deliveries that were given up
	 * @param delivered deliveries that succeeded on this node since it started
	 * @param failed attempts that failed on this node since it started
	 * @param owners which node serves which partitions
	 * @param type {@code handler} when the subscriber is in the code, else the type of
	 * its connector
	 * @param createdFrom who created it
	 * @param note why it is paused or broken, or {@code null}
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record SubscriptionDescriptor(String id, List<String> patterns, SubscriptionInfo.State state,
			boolean durable, boolean synchronous, @Nullable String organization, int partitions, long lag, long parked,
			long deadLetters, long delivered, long failed, Map<String, List<Integer>> owners, String type,
			String createdFrom, @Nullable String note) {

		static SubscriptionDescriptor of(SubscriptionInfo info) {
			return new SubscriptionDescriptor(info.id(), info.patterns(), info.state(), info.durable(),
					info.synchronous(), info.organization(), info.partitions(), info.lag(), info.parked(),
					info.deadLetters(), info.delivered(), info.failed(), info.owners(), info.type(), info.createdFrom(),
					info.note());
		}

	}

	/**
	 * A running node.
	 *
	 * @param id unique id
	 * @param startedAt when it started
	 * @param seenAt when it last reported to the store
	 * @param self whether it is the one asked
	 */
	public record NodeDescriptor(String id, Instant startedAt, Instant seenAt, boolean self) {

		static NodeDescriptor of(EventStats.Node node) {
			return new NodeDescriptor(node.id(), node.startedAt(), node.seenAt(), node.self());
		}

	}

}
