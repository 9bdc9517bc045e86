package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.events.store.EventStore;
import dev.events.store.Lease;
import dev.events.store.NodeRecord;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the node is alive, and takes, keeps and gives up partitions of durable
 * subscriptions so that they are shared out evenly. Its thread alone adds and removes
 * their workers.
 * <p>
 * Invariant: a partition is claimed only when no earlier worker of it runs on this node,
 * and released only when its worker has stopped and its progress is saved.
 */
final class LeaseKeeper {

	private static final Logger logger = LoggerFactory.getLogger(LeaseKeeper.class);

	private static final Duration IN_CHANGE = Duration.ofMillis(250);

	private final EventStore store;

	private final String node;

	private final DeliverySettings settings;

	private final ServedSubscriptions served;

	private final WorkerFactory workers;

	private final DeliveryContext.Saver saver;

	private final Loop loop = new Loop("events-leases", this::run);

	// workers that take nothing more, until they have stopped; whether to release their
	// lease
	private final Map<PartitionWorker, Boolean> leaving = new HashMap<>();

	LeaseKeeper(EventStore store, String node, DeliverySettings settings, ServedSubscriptions served,
			WorkerFactory workers, DeliveryContext.Saver saver) {
		this.store = store;
		this.node = node;
		this.settings = settings;
		this.served = served;
		this.workers = workers;
		this.saver = saver;
	}

	void start() {
		this.loop.start();
	}

	void stop(Duration patience) {
		this.loop.stop(patience);
	}

	/** Subscriptions have changed. */
	void wake() {
		this.loop.signal();
	}

	private Duration run() throws InterruptedException {
		List<NodeRecord> nodes = this.store.nodes()
			.heartbeat(this.node, this.served.durableIds(), this.settings.leaseDuration());
		Map<String, SubscriptionRecord> subscriptions = this.store.subscriptions()
			.list()
			.stream()
			.filter((subscription) -> this.served.durableIds().contains(subscription.id()))
			.collect(Collectors.toMap(SubscriptionRecord::id, (subscription) -> subscription));
		renew();
		Set<PartitionId> wanted = new HashSet<>(Assignment.of(this.node, nodes, subscriptions.values()));
		for (PartitionWorker worker : durableWorkers()) {
			if (!wanted.contains(worker.partition())) {
				leave(worker, true);
			}
		}
		finishLeaving();
		boolean complete = claim(wanted, subscriptions);
		Duration pause = this.settings.leaseDuration().dividedBy(3);
		return (complete && this.leaving.isEmpty() || pause.compareTo(IN_CHANGE) < 0) ? pause : IN_CHANGE;
	}

	private List<PartitionWorker> durableWorkers() {
		return this.served.workers().stream().filter((worker) -> worker.subscription().isDurable()).toList();
	}

	private void renew() {
		// a worker whose subscription was removed still needs its lease until it has
		// stopped
		List<PartitionWorker> held = new ArrayList<>(durableWorkers());
		this.leaving.forEach((worker, release) -> {
			if (release && !held.contains(worker)) {
				held.add(worker);
			}
		});
		if (held.isEmpty()) {
			return;
		}
		long asked = System.nanoTime();
		Set<PartitionId> renewed = this.store.cursors()
			.renew(held.stream().map(PartitionWorker::lease).toList(), this.settings.leaseDuration());
		for (PartitionWorker worker : held) {
			if (renewed.contains(worker.partition())) {
				worker.prolong(deadline(asked));
			}
			else {
				logger.info("{} was taken over by another node or changed", worker.partition());
				leave(worker, false);
			}
		}
	}

	/** Earlier than the store's own end of the lease, for that began after we asked. */
	private long deadline(long asked) {
		return asked + this.settings.leaseDuration().toNanos() * 9 / 10;
	}

	/** Lets a worker take nothing more; it is removed when it has stopped. */
	private void leave(PartitionWorker worker, boolean release) {
		worker.close();
		this.leaving.merge(worker, release, (before, now) -> before && now);
	}

	private void finishLeaving() throws InterruptedException {
		List<PartitionWorker> stopped = this.leaving.keySet().stream().filter(PartitionWorker::isIdle).toList();
		if (stopped.isEmpty()) {
			return;
		}
		if (stopped.stream().anyMatch(this.leaving::get)) {
			this.saver.save(stopped.get(0));
		}
		List<Lease> released = stopped.stream().filter(this.leaving::get).map(PartitionWorker::lease).toList();
		if (!released.isEmpty()) {
			this.store.cursors().release(released);
		}
		for (PartitionWorker worker : stopped) {
			worker.subscription().remove(worker);
			this.leaving.remove(worker);
		}
	}

	/** Whether we now have all that we want. */
	private boolean claim(Set<PartitionId> wanted, Map<String, SubscriptionRecord> subscriptions) {
		Set<PartitionId> missing = new HashSet<>(wanted);
		durableWorkers().forEach((worker) -> missing.remove(worker.partition()));
		this.leaving.keySet().forEach((worker) -> missing.remove(worker.partition()));
		if (missing.isEmpty()) {
			return true;
		}
		long asked = System.nanoTime();
		List<Lease> claimed = this.store.cursors().claim(this.node, missing, this.settings.leaseDuration());
		for (Lease lease : claimed) {
			SubscriptionRuntime subscription = this.served.find(lease.partition().subscription());
			SubscriptionRecord stored = subscriptions.get(lease.partition().subscription());
			if (subscription == null || stored == null) {
				this.store.cursors().release(List.of(lease));
				continue;
			}
			ParkedState parked = this.store.deliveries().parkedState(lease.partition(), lease.position());
			PartitionWorker worker = this.workers.create(subscription, lease, parked, stored.partitions(),
					deadline(asked));
			subscription.add(worker, stored.partitions());
			worker.nudge();
		}
		return claimed.size() == missing.size();
	}

	/**
	 * Makes workers.
	 */
	interface WorkerFactory {

		PartitionWorker create(SubscriptionRuntime subscription, Lease lease, ParkedState parked, int partitions,
				long leaseDeadline);

	}

}
