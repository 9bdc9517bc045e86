package dev.events.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that this node serves, and the way of a new event to their workers.
 * Thread-safe.
 */
final class ServedSubscriptions implements LogTail.Router {

	private final Map<String, SubscriptionRuntime> byId = new ConcurrentHashMap<>();

	// removed, but with workers that have not stopped yet
	private final Set<SubscriptionRuntime> leaving = ConcurrentHashMap.newKeySet();

	void add(SubscriptionRuntime subscription) {
		this.byId.put(subscription.id(), subscription);
	}

	/** Takes back a subscription that could not be added. */
	void discard(SubscriptionRuntime subscription) {
		this.byId.remove(subscription.id(), subscription);
	}

	/** Removes a subscription; its workers are still known until they are gone. */
	void remove(SubscriptionRuntime subscription) {
		this.leaving.add(subscription);
		this.byId.remove(subscription.id(), subscription);
	}

	/** Forgets a removed subscription. */
	void forget(SubscriptionRuntime subscription) {
		this.leaving.remove(subscription);
	}

	@Nullable SubscriptionRuntime find(String id) {
		return this.byId.get(id);
	}

	Collection<SubscriptionRuntime> all() {
		return this.byId.values();
	}

	Set<String> durableIds() {
		return this.byId.values()
			.stream()
			.filter(SubscriptionRuntime::isDurable)
			.map(SubscriptionRuntime::id)
			.collect(Collectors.toSet());
	}

	List<PartitionWorker> workers() {
		List<PartitionWorker> workers = new ArrayList<>();
		this.byId.values().forEach((subscription) -> workers.addAll(subscription.workers()));
		this.leaving.forEach((subscription) -> workers.addAll(subscription.workers()));
		return workers;
	}

	@Override
	public void route(List<LogEntry> entries) {
		for (SubscriptionRuntime subscription : this.byId.values()) {
			route(subscription, entries);
		}
	}

	private static void route(SubscriptionRuntime subscription, List<LogEntry> entries) {
		Map<PartitionWorker, long[]> ranges = null;
		for (LogEntry entry : entries) {
			EventRecord event = entry.event();
			PartitionWorker worker = subscription.workerFor(entry.hash());
			if (worker == null || !subscription.accepts(event)) {
				continue;
			}
			if (ranges == null) {
				ranges = new java.util.IdentityHashMap<>();
			}
			long[] range = ranges.computeIfAbsent(worker, (key) -> new long[] { entry.position(), 0 });
			range[1] = entry.position();
		}
		if (ranges != null) {
			ranges.forEach((worker, range) -> worker.route(range[0], range[1]));
		}
	}

}
