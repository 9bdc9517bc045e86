package dev.events.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions that this node serves, and the way of a new event to their workers.
 * Thread-safe.
 * <p>
 * Invariant: what is removed is still known, saved and routed to until its last worker
 * has stopped, so that no cursor passes over an event that its worker was not shown.
 */
final class ServedSubscriptions implements LogTail.Router {

	private static final Logger logger = LoggerFactory.getLogger(ServedSubscriptions.class);

	private final Map<String, SubscriptionRuntime> byId = new ConcurrentHashMap<>();

	// removed, but with workers that have not stopped yet
	private final Set<SubscriptionRuntime> leaving = ConcurrentHashMap.newKeySet();

	private boolean closed;

	synchronized void add(SubscriptionRuntime subscription) {
		this.byId.put(subscription.id(), subscription);
		if (this.closed) {
			subscription.close();
		}
	}

	/**
	 * Closes a subscription and removes it; its workers are known until they are gone.
	 */
	synchronized void remove(SubscriptionRuntime subscription) {
		subscription.close();
		this.leaving.add(subscription);
		this.byId.remove(subscription.id(), subscription);
	}

	/** Closes all subscriptions, also those that are added later. */
	synchronized void close() {
		this.closed = true;
		this.byId.values().forEach(SubscriptionRuntime::close);
	}

	/**
	 * Forgets removed subscriptions whose last worker has stopped.
	 * @return those without cursor among them
	 */
	List<SubscriptionRuntime> forgetStopped() {
		List<SubscriptionRuntime> ephemeral = new ArrayList<>();
		for (SubscriptionRuntime subscription : this.leaving) {
			boolean stopped = subscription.isDurable() ? subscription.workers().isEmpty()
					: subscription.workers().stream().allMatch(PartitionWorker::isIdle);
			if (stopped && this.leaving.remove(subscription) && !subscription.isDurable()) {
				ephemeral.add(subscription);
			}
		}
		return ephemeral;
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
		everyOne().forEach((subscription) -> workers.addAll(subscription.workers()));
		return workers;
	}

	// in this order: one that is being removed is in both for a moment, not in neither
	private Set<SubscriptionRuntime> everyOne() {
		Set<SubscriptionRuntime> all = Collections.newSetFromMap(new IdentityHashMap<>());
		all.addAll(this.byId.values());
		all.addAll(this.leaving);
		return all;
	}

	@Override
	public boolean hasWorkers() {
		return everyOne().stream().anyMatch(SubscriptionRuntime::hasWorkers);
	}

	@Override
	public void missed(long last) {
		workers().forEach((worker) -> worker.missed(last));
	}

	@Override
	public void route(List<LogEntry> entries) {
		Set<String> types = new HashSet<>();
		entries.stream().filter(LogEntry::isReadable).forEach((entry) -> types.add(entry.event().type()));
		for (SubscriptionRuntime subscription : everyOne()) {
			if (types.stream().noneMatch(subscription::matches)) {
				continue;
			}
			try {
				route(subscription, entries);
			}
			catch (RuntimeException | Error ex) {
				logger.error("Events could not be routed to subscription '{}'; it looks for them itself",
						subscription.id(), ex);
				long last = entries.get(entries.size() - 1).position();
				subscription.workers().forEach((worker) -> worker.missed(last));
			}
		}
	}

	private static void route(SubscriptionRuntime subscription, List<LogEntry> entries) {
		Map<PartitionWorker, long[]> ranges = null;
		for (LogEntry entry : entries) {
			PartitionWorker worker = subscription.workerFor(entry.hash());
			if (worker == null || !subscription.accepts(entry)) {
				continue;
			}
			if (ranges == null) {
				ranges = new IdentityHashMap<>();
			}
			long[] range = ranges.computeIfAbsent(worker, (key) -> new long[] { entry.position(), 0 });
			range[1] = entry.position();
		}
		if (ranges != null) {
			ranges.forEach((worker, range) -> worker.route(range[0], range[1]));
		}
	}

}
