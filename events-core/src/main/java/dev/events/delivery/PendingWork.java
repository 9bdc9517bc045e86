package dev.events.delivery;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.events.ReplayInfo;
import dev.events.stats.EventCounters;
import dev.events.store.Checkpoint;
import dev.events.store.EventStore;
import dev.events.store.PartitionId;
import dev.events.store.ReplayRecord;
import dev.events.store.SubscriptionRecord;

/**
 * Finds out whether a run of the engine is quiet: it serves what the store says it
 * should, nothing is in the log beyond cursors, nothing is due, nothing is replayed, no
 * handler runs and no outcome is unsaved. For a node that is alone: what others serve is
 * pending for ever.
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
		List<String> pending = new ArrayList<>(unsettled());
		List<PartitionWorker> workers = this.served.workers();
		for (PartitionWorker worker : workers) {
			String what = worker.pending();
			if (what != null) {
				pending.add(worker.partition() + ": " + what);
			}
		}
		if (!workers.isEmpty() && this.tail.routed() < this.store.log().head()) {
			pending.add("the log is not read to its end");
		}
		pending.addAll(replays());
		if (pending.isEmpty() && isAnythingDue(workers)) {
			pending.add("deliveries are due");
		}
		if (pending.isEmpty() && !before.equals(traces())) {
			pending.add("something has just happened");
		}
		return pending;
	}

	/**
	 * What was changed in the store and is not taken up here yet: subscriptions, their
	 * partitions, moves of their cursors, and replays.
	 */
	List<String> unsettled() {
		List<String> unsettled = new ArrayList<>();
		for (SubscriptionRecord subscription : this.store.subscriptions().list()) {
			SubscriptionRuntime here = this.served.find(subscription.id());
			if (here == null || !here.isDurable()) {
				continue;
			}
			int workers = here.workers().size();
			// one that is closed is about to go, and another one to come in its place
			long open = here.workers().stream().filter((worker) -> !worker.isClosed()).count();
			if (subscription.active() && open != subscription.partitions()) {
				unsettled.add(subscription.id() + ": this node does not have all of its partitions yet");
			}
			if (!subscription.active() && workers > 0) {
				unsettled.add(subscription.id() + ": it is paused, and still served");
			}
		}
		List<Checkpoint> nothing = this.served.workers()
			.stream()
			.filter((worker) -> worker.subscription().isDurable() && !worker.isClosed())
			.map((worker) -> new Checkpoint(worker.lease(), 0, List.of()))
			.toList();
		for (PartitionId lost : this.store.cursors().checkpoint(nothing)) {
			unsettled.add(lost + ": its cursor was moved, or the partition is somebody else's");
		}
		for (ReplayRecord replay : this.store.replays().active()) {
			if (this.served.workers().stream().anyMatch((worker) -> isBehind(worker, replay))) {
				unsettled.add(replay.subscription() + ": a replay was started, paused or resumed");
			}
		}
		return unsettled;
	}

	/** Whether the worker takes part in the replay and does not know how it is now. */
	private static boolean isBehind(PartitionWorker worker, ReplayRecord replay) {
		SubscriptionRuntime subscription = worker.subscription();
		if (worker.isClosed() || !subscription.isDurable() || !subscription.id().equals(replay.subscription())
				|| !subscription.subscriber().replay() || worker.lease().partitions() != replay.partitions().size()) {
			return false;
		}
		ActiveReplay known = worker.replay().offered();
		return known == null || !known.id().equals(replay.id()) || known.replay().state() != replay.state();
	}

	private List<String> replays() {
		return this.store.replays().active().stream().filter((replay) -> {
			SubscriptionRuntime here = this.served.find(replay.subscription());
			return replay.state() == ReplayInfo.State.RUNNING && here != null && here.hasWorkers();
		}).map((replay) -> replay.subscription() + ": a replay is running").toList();
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
