package dev.events.delivery;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.events.stats.EventCounters;
import dev.events.store.EventStore;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;

/**
 * Finds out whether a run of the engine is quiet: nothing is in the log beyond cursors,
 * nothing is due, no handler runs and no outcome is unsaved.
 * <p>
 * Invariant: quiet means that it stays so until somebody publishes, operates or lets time
 * pass. Work goes round (log, worker, store, worker), so looking at one after the other
 * could miss what moves behind our back; whatever moves leaves a trace in the
 * {@linkplain #traces() counts} that are compared before and after.
 */
final class PendingWork {

	private final EventStore store;

	private final EventCounters counters;

	private final ServedSubscriptions served;

	private final LogTail tail;

	PendingWork(EventStore store, EventCounters counters, ServedSubscriptions served, LogTail tail) {
		this.store = store;
		this.counters = counters;
		this.served = served;
		this.tail = tail;
	}

	List<String> list() {
		List<Long> before = traces();
		List<String> pending = new ArrayList<>();
		List<PartitionWorker> workers = this.served.workers();
		for (SubscriptionRecord subscription : this.store.subscriptions().list()) {
			SubscriptionRuntime here = this.served.find(subscription.id());
			if (here != null && here.isDurable() && subscription.active()
					&& here.workers().size() != subscription.partitions()) {
				pending.add(subscription.id() + ": this node does not have all of its partitions yet");
			}
		}
		for (PartitionWorker worker : workers) {
			String what = worker.pending();
			if (what != null) {
				pending.add(worker.partition() + ": " + what);
			}
		}
		if (!workers.isEmpty() && this.tail.routed() < this.store.log().head()) {
			pending.add("the log is not read to its end");
		}
		if (pending.isEmpty() && isAnythingDue(workers)) {
			pending.add("deliveries are due");
		}
		if (pending.isEmpty() && !before.equals(traces())) {
			pending.add("something has just happened");
		}
		return pending;
	}

	private static boolean isAnythingDue(List<PartitionWorker> workers) {
		Map<EventStore, List<PartitionId>> partitions = new IdentityHashMap<>();
		for (PartitionWorker worker : workers) {
			if (!worker.isClosed()) {
				partitions.computeIfAbsent(worker.subscription().store(), (store) -> new ArrayList<>())
					.add(worker.partition());
			}
		}
		return partitions.entrySet()
			.stream()
			.anyMatch((entry) -> !entry.getKey().deliveries().due(entry.getValue(), 1).isEmpty());
	}

	private List<Long> traces() {
		List<Long> traces = new ArrayList<>();
		traces.add(this.store.log().head());
		traces.add(this.counters.totalDelivered());
		traces.add(this.counters.totalFailed());
		for (PartitionWorker worker : this.served.workers()) {
			traces.add(worker.position());
			traces.add(worker.savedChanges());
		}
		return traces;
	}

}
