package dev.events.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.events.SubscriptionInfo;
import dev.events.SubscriptionInfo.State;
import dev.events.stats.EventCounters;
import dev.events.store.CursorState;
import dev.events.store.DeliveryCounts;
import dev.events.store.EventStore;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what the store and this node know about subscriptions.
 */
final class SubscriptionViews {

	private final EventStore store;

	private final RecentCounts<List<DeliveryCounts>> recentCounts;

	private final EventCounters counters;

	private final DeliverySettings settings;

	private final Function<String, @Nullable String> problems;

	SubscriptionViews(EventStore store, RecentCounts<List<DeliveryCounts>> recentCounts, EventCounters counters,
			DeliverySettings settings, Function<String, @Nullable String> problems) {
		this.store = store;
		this.recentCounts = recentCounts;
		this.counters = counters;
		this.settings = settings;
		this.problems = problems;
	}

	List<SubscriptionInfo> list(Collection<SubscriptionRuntime> served) {
		Map<String, SubscriptionRuntime> local = served.stream()
			.filter(SubscriptionRuntime::isDurable)
			.collect(Collectors.toMap(SubscriptionRuntime::id, Function.identity()));
		Map<String, List<CursorState>> cursors = this.store.cursors()
			.list()
			.stream()
			.collect(Collectors.groupingBy((cursor) -> cursor.partition().subscription()));
		Map<String, DeliveryCounts> counts = this.recentCounts.get()
			.stream()
			.collect(Collectors.toMap(DeliveryCounts::subscription, Function.identity()));
		Set<String> alive = this.store.nodes()
			.list()
			.stream()
			.flatMap((node) -> node.subscriptions().stream())
			.collect(Collectors.toSet());
		long head = this.store.log().head();
		List<SubscriptionInfo> infos = new ArrayList<>();
		for (SubscriptionRecord record : this.store.subscriptions().list()) {
			infos.add(durable(record, local.get(record.id()), cursors.getOrDefault(record.id(), List.of()),
					counts.get(record.id()), alive.contains(record.id()), head));
		}
		served.stream()
			.filter((subscription) -> !subscription.isDurable())
			.forEach((subscription) -> infos.add(transientOne(subscription, head)));
		infos.sort(Comparator.comparing(SubscriptionInfo::id));
		return infos;
	}

	private SubscriptionInfo durable(SubscriptionRecord record, @Nullable SubscriptionRuntime local,
			List<CursorState> cursors, @Nullable DeliveryCounts counts, boolean alive, long head) {
		Map<PartitionId, Long> own = new HashMap<>();
		boolean stalled = false;
		if (local != null) {
			for (PartitionWorker worker : local.workers()) {
				own.put(worker.partition(), worker.position());
				stalled |= worker.isStalled();
			}
		}
		long lag = 0;
		Map<String, List<Integer>> owners = new TreeMap<>();
		boolean orphaned = false;
		for (CursorState cursor : cursors) {
			// what this node knows is newer than what it has saved
			long position = Math.max(cursor.position(), own.getOrDefault(cursor.partition(), 0L));
			lag = Math.max(lag, head - position);
			orphaned |= cursor.owner() == null;
			if (cursor.owner() != null) {
				owners.computeIfAbsent(cursor.owner(), (owner) -> new ArrayList<>())
					.add(cursor.partition().partition());
			}
		}
		owners.values().forEach((partitions) -> partitions.sort(null));
		String problem = this.problems.apply(record.id());
		State state = (problem != null && record.active()) ? State.BROKEN
				: state(record, alive || local != null, orphaned, stalled);
		return new SubscriptionInfo(record.id(), record.patterns(), state, true, false, record.organization(),
				record.partitions(), lag, (counts != null) ? counts.waiting() : 0, (counts != null) ? counts.dead() : 0,
				this.counters.delivered(record.id()), this.counters.failed(record.id()),
				this.counters.handlerTime(record.id()), owners, record.subscriberType(), record.createdFrom(),
				(record.note() != null) ? record.note() : problem);
	}

	private static State state(SubscriptionRecord record, boolean alive, boolean orphaned, boolean stalled) {
		if (!record.active()) {
			return State.PAUSED;
		}
		if (!alive) {
			// one that is data is found and served by the nodes within a second
			return record.isHandler() ? State.ABANDONED : State.STARTING;
		}
		if (stalled) {
			return State.BLOCKED;
		}
		return orphaned ? State.STARTING : State.ACTIVE;
	}

	private SubscriptionInfo transientOne(SubscriptionRuntime subscription, long head) {
		List<PartitionWorker> workers = subscription.workers();
		long position = workers.stream().mapToLong(PartitionWorker::position).min().orElse(head);
		boolean stalled = workers.stream().anyMatch(PartitionWorker::isStalled);
		long parked = subscription.store()
			.deliveries()
			.counts()
			.stream()
			.filter((counts) -> counts.subscription().equals(subscription.id()))
			.mapToLong(DeliveryCounts::waiting)
			.sum();
		int partitions = subscription.subscriber().partitions();
		return new SubscriptionInfo(subscription.id(),
				subscription.subscriber().patterns().stream().map(Object::toString).toList(),
				stalled ? State.BLOCKED : State.ACTIVE, false, false, subscription.subscriber().organization(),
				(partitions > 0) ? partitions : this.settings.partitions(), Math.max(0, head - position), parked, 0,
				this.counters.delivered(subscription.id()), this.counters.failed(subscription.id()),
				this.counters.handlerTime(subscription.id()), Map.of(), SubscriptionRecord.HANDLER, "code", null);
	}

}
