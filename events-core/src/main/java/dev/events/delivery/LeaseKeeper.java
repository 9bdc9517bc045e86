package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.events.store.EventStore;
import dev.events.store.Lease;
import dev.events.store.NodeRecord;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.ReplayRecord;
import dev.events.store.SubscriptionRecord;
import dev.events.store.Wakeups;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the node is alive, and takes, keeps and gives up partitions of durable
 * subscriptions so that they are shared out evenly. Its thread alone adds and removes
 * workers of durable subscriptions.
 * <p>
 * Invariant: a partition is claimed only when no earlier worker of it runs on this node,
 * and released only when its worker has stopped and its progress is saved. Workers of an
 * earlier run of the engine that have not stopped count, too.
 */
final class LeaseKeeper {

	private static final Logger logger = LoggerFactory.getLogger(LeaseKeeper.class);

	private static final Duration IN_CHANGE = Duration.ofMillis(250);

	// short, because leases have to be renewed meanwhile
	private static final Duration SAVE_PATIENCE = Duration.ofSeconds(1);

	private final EventStore store;

	private final String node;

	private final DeliverySettings settings;

	private final ServedSubscriptions served;

	private final Registrar registrar;

	private final Checkpointer saver;

	private final ReplayKeeper replays;

	private final OtherNodes others;

	private final Loop loop = new Loop("events-leases", this::run);

	// workers that take nothing more, until they have stopped; whether to release their
	// lease
	private final Map<PartitionWorker, Boolean> leaving = new HashMap<>();

	// what the other nodes know of us
	private Set<String> announced = Set.of();

	// what went wrong and was logged
	private final Set<String> reported = new HashSet<>();

	LeaseKeeper(EventStore store, String node, DeliverySettings settings, ServedSubscriptions served,
			Registrar registrar, Checkpointer saver, ReplayKeeper replays, OtherNodes others,
			List<PartitionWorker> unfinished) {
		this.store = store;
		this.node = node;
		this.settings = settings;
		this.served = served;
		this.registrar = registrar;
		this.saver = saver;
		this.replays = replays;
		this.others = others;
		unfinished.forEach((worker) -> this.leaving.put(worker, true));
	}

	void start() {
		this.loop.start();
	}

	void stop(Duration patience) {
		this.loop.stop(patience);
	}

	/** Whether the node may have been seen by others. */
	boolean hasStarted() {
		return this.loop.hasStarted();
	}

	/** Subscriptions have changed. */
	void wake() {
		this.loop.signal();
	}

	private Duration run() {
		this.served.forgetStopped().forEach(this.registrar::forget);
		Set<String> ids = this.served.durableIds();
		List<NodeRecord> nodes = heartbeat(ids);
		List<SubscriptionRecord> stored = this.store.subscriptions().list();
		List<SubscriptionRecord> subscriptions = new ArrayList<>();
		stored.stream().filter((subscription) -> ids.contains(subscription.id())).forEach(subscriptions::add);
		boolean complete = registerMissing(ids, stored);
		renew();
		Set<PartitionId> wanted = new HashSet<>(Assignment.of(this.node, nodes, subscriptions));
		for (PartitionWorker worker : durableWorkers()) {
			if (worker.isClosed() || !wanted.contains(worker.partition())) {
				leave(worker, true);
			}
		}
		finishLeaving();
		this.served.forgetStopped().forEach(this.registrar::forget);
		complete &= claim(wanted);
		Duration pause = this.settings.leaseDuration().dividedBy(3);
		return (complete && this.leaving.isEmpty() || pause.compareTo(IN_CHANGE) < 0) ? pause : IN_CHANGE;
	}

	private List<NodeRecord> heartbeat(Set<String> ids) {
		List<NodeRecord> nodes = this.store.nodes().heartbeat(this.node, ids, this.settings.leaseDuration());
		this.others.seen(nodes);
		if (!this.announced.equals(ids)) {
			this.announced = ids;
			this.others.tell(Wakeups.Kind.PARTITIONS);
		}
		return nodes;
	}

	/**
	 * Deleted in the store while our code serves them: they come back, from where they
	 * start.
	 */
	private boolean registerMissing(Set<String> ids, List<SubscriptionRecord> stored) {
		Set<String> missing = new HashSet<>(ids);
		stored.forEach((subscription) -> missing.remove(subscription.id()));
		boolean complete = missing.isEmpty();
		for (String id : missing) {
			SubscriptionRuntime subscription = this.served.find(id);
			if (subscription == null || subscription.isStored()) {
				continue;
			}
			try {
				this.registrar.register(subscription);
				logger.warn("Subscription '{}' was deleted from the store while this node serves it, and is "
						+ "registered anew; what it had not received yet may be lost to it", id);
			}
			catch (RuntimeException ex) {
				report("register subscription '" + id + "' anew", ex);
			}
		}
		return complete;
	}

	private List<PartitionWorker> durableWorkers() {
		return this.served.workers().stream().filter((worker) -> worker.subscription().isDurable()).toList();
	}

	private void renew() {
		// a worker that stops still needs its lease until it has stopped
		Set<PartitionWorker> held = new LinkedHashSet<>(durableWorkers());
		held.addAll(this.leaving.keySet());
		held.removeIf((worker) -> !this.leaving.getOrDefault(worker, true));
		if (held.isEmpty()) {
			return;
		}
		long asked = System.nanoTime();
		Set<Lease> renewed = renewed(held);
		for (PartitionWorker worker : held) {
			if (renewed.contains(worker.lease())) {
				worker.prolong(deadline(asked));
			}
			else {
				logger.info("{} was taken over by another node or changed", worker.partition());
				leave(worker, false);
			}
		}
	}

	private Set<Lease> renewed(Set<PartitionWorker> held) {
		List<Lease> leases = held.stream().map(PartitionWorker::lease).toList();
		Set<PartitionId> partitions = this.store.cursors().renew(leases, this.settings.leaseDuration());
		return leases.stream().filter((lease) -> partitions.contains(lease.partition())).collect(Collectors.toSet());
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

	private void finishLeaving() {
		List<PartitionWorker> stopped = this.leaving.keySet().stream().filter(PartitionWorker::isIdle).toList();
		for (PartitionWorker worker : stopped) {
			if (Boolean.TRUE.equals(this.leaving.get(worker))) {
				if (!isSaved(worker)) {
					continue;
				}
				this.store.cursors().release(List.of(worker.lease()));
				this.others.tell(Wakeups.Kind.PARTITIONS);
			}
			worker.subscription().remove(worker);
			this.registrar.stopped(worker);
			this.leaving.remove(worker);
		}
	}

	/** Whether the last progress is in the store; if not, it is tried again. */
	private boolean isSaved(PartitionWorker worker) {
		try {
			this.saver.save(worker, SAVE_PATIENCE);
			return true;
		}
		catch (RuntimeException ex) {
			report("save the last progress of " + worker.partition(), ex);
			return false;
		}
	}

	/**
	 * Claims what is wanted, of each subscription on its own.
	 * @return whether we now have all of it
	 */
	private boolean claim(Set<PartitionId> wanted) {
		Set<PartitionId> missing = new HashSet<>(wanted);
		List<PartitionWorker> present = new ArrayList<>(durableWorkers());
		present.addAll(this.leaving.keySet());
		present.forEach((worker) -> missing.remove(worker.partition()));
		Map<String, List<PartitionId>> bySubscription = missing.stream()
			.collect(Collectors.groupingBy(PartitionId::subscription));
		// those that we cannot have must not always come first
		List<Map.Entry<String, List<PartitionId>>> entries = new ArrayList<>(bySubscription.entrySet());
		Collections.shuffle(entries);
		long start = System.nanoTime();
		int got = 0;
		for (Map.Entry<String, List<PartitionId>> entry : entries) {
			if (System.nanoTime() - start > this.settings.leaseDuration().toNanos() / 6) {
				// the rest in the next run, for until then nothing that we have is
				// renewed
				return false;
			}
			try {
				got += claim(entry.getKey(), entry.getValue());
			}
			catch (RuntimeException ex) {
				report("claim partitions of subscription '" + entry.getKey() + "'", ex);
			}
		}
		return got == missing.size();
	}

	private int claim(String id, List<PartitionId> partitions) {
		List<Lease> claimed = this.store.cursors().claim(this.node, partitions, this.settings.leaseDuration());
		Map<Lease, ParkedState> parked = new LinkedHashMap<>();
		for (Lease lease : claimed) {
			parked.put(lease, this.store.deliveries().parkedState(lease.partition(), lease.position()));
		}
		if (claimed.isEmpty()) {
			return 0;
		}
		// now, for a worker must know of it before its first event
		ReplayRecord replay = this.replays.find(id);
		// what was read is of our partition only if it was ours all the while: when the
		// number of partitions changes, deliveries move to other partitions
		long asked = System.nanoTime();
		Set<PartitionId> ours = this.store.cursors().renew(claimed, this.settings.leaseDuration());
		parked.keySet().removeIf((lease) -> !ours.contains(lease.partition()));
		int got = 0;
		for (Map.Entry<Lease, ParkedState> entry : parked.entrySet()) {
			if (add(entry.getKey(), entry.getValue(), replay, deadline(asked))) {
				got++;
			}
			else {
				this.store.cursors().release(List.of(entry.getKey()));
			}
		}
		return got;
	}

	private boolean add(Lease lease, ParkedState parked, @Nullable ReplayRecord replay, long leaseDeadline) {
		SubscriptionRuntime subscription = this.served.find(lease.partition().subscription());
		if (subscription == null || isRepartitioned(lease)) {
			return false;
		}
		PartitionReplay.Offer offer = this.replays.offer(replay, subscription, lease.partition().partition(),
				lease.partitions());
		PartitionWorker worker = this.registrar.worker(subscription, lease, parked, offer, leaseDeadline);
		if (!subscription.add(worker)) {
			return false;
		}
		worker.start();
		return true;
	}

	/**
	 * Whether a worker from the time of another number of partitions is still here: it
	 * may have a key of this partition in hand.
	 */
	private boolean isRepartitioned(Lease lease) {
		String subscription = lease.partition().subscription();
		List<PartitionWorker> present = new ArrayList<>(durableWorkers());
		present.addAll(this.leaving.keySet());
		return present.stream()
			.anyMatch((worker) -> worker.partition().subscription().equals(subscription)
					&& worker.lease().partitions() != lease.partitions());
	}

	private void report(String what, RuntimeException ex) {
		if (this.reported.add(what)) {
			logger.warn("Could not {}; will try again until it succeeds", what, ex);
		}
		else {
			logger.debug("Could not {}", what, ex);
		}
	}

	/**
	 * What has to be done about subscriptions apart from leases.
	 */
	interface Registrar {

		/** Makes a worker, which is not known anywhere yet. */
		PartitionWorker worker(SubscriptionRuntime subscription, Lease lease, ParkedState parked,
				PartitionReplay.@Nullable Offer replay, long leaseDeadline);

		/** Makes a durable subscription known to the store. */
		void register(SubscriptionRuntime subscription);

		/** A worker has stopped and is given up. */
		void stopped(PartitionWorker worker);

		/** A removed subscription without cursor has stopped. */
		void forget(SubscriptionRuntime subscription);

	}

}
