package dev.events.delivery;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.events.ReplayInfo.State;
import dev.events.store.EventStore;
import dev.events.store.ReplayRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings active replays to the workers of the node, and completes those that have come to
 * the end in all partitions, wherever these are.
 * <p>
 * Invariants: (1) a worker is offered the progress of its partition only as it was read
 * while the partition was the worker's and the worker had not begun: workers are listed
 * before replays are read, and whoever makes a worker gives it what is active then; (2) a
 * replay is withdrawn only when it is known to be over for good, never because it was
 * missing in what was read some time ago.
 */
final class ReplayKeeper {

	private static final Logger logger = LoggerFactory.getLogger(ReplayKeeper.class);

	private static final Duration INTERVAL = Duration.ofSeconds(2);

	// until what was done here is saved, and while others come to the end
	private static final Duration AT_END = Duration.ofMillis(150);

	private final EventStore store;

	private final ServedSubscriptions served;

	private final int pageSize;

	private final Loop loop = new Loop("events-replays", this::run);

	private final Map<UUID, ActiveReplay> active = new ConcurrentHashMap<>();

	ReplayKeeper(EventStore store, ServedSubscriptions served, int pageSize) {
		this.store = store;
		this.served = served;
		this.pageSize = pageSize;
	}

	void start() {
		this.loop.start();
	}

	void stop(Duration patience) {
		this.loop.stop(patience);
	}

	/** Replays may have changed. */
	void wake() {
		this.loop.signal();
	}

	/**
	 * The active replay of a subscription as the store knows it now, for workers that are
	 * made while their partitions cannot be anybody else's.
	 */
	@Nullable ReplayRecord find(String subscription) {
		return this.store.replays()
			.active()
			.stream()
			.filter((replay) -> replay.subscription().equals(subscription))
			.findFirst()
			.orElse(null);
	}

	/** What to give a new worker of a partition. */
	PartitionReplay.@Nullable Offer offer(@Nullable ReplayRecord replay, SubscriptionRuntime subscription,
			int partition, int partitions) {
		if (replay == null || replay.partitions().size() != partitions || !subscription.subscriber().replay()) {
			return null;
		}
		// what is shared may be older, or newer, than what is known of the partition
		return new PartitionReplay.Offer(shared(replay), replay, replay.partitions().get(partition));
	}

	private ActiveReplay shared(ReplayRecord replay) {
		return this.active.computeIfAbsent(replay.id(),
				(id) -> new ActiveReplay(this.store.log(), this.pageSize, replay));
	}

	private Duration run() {
		List<PartitionWorker> workers = this.served.workers()
			.stream()
			.filter((worker) -> worker.subscription().isDurable())
			.toList();
		if (workers.isEmpty()) {
			this.active.clear();
			return INTERVAL;
		}
		Map<String, ReplayRecord> bySubscription = new LinkedHashMap<>();
		for (ReplayRecord replay : this.store.replays().active()) {
			bySubscription.put(replay.subscription(), replay);
		}
		boolean someOver = false;
		Set<UUID> used = new HashSet<>();
		for (PartitionWorker worker : workers) {
			ReplayRecord replay = bySubscription.get(worker.subscription().id());
			someOver |= bring(worker, replay);
			ActiveReplay offered = worker.replay().offered();
			if (offered != null) {
				used.add(offered.id());
			}
		}
		Set<UUID> current = new HashSet<>(used);
		bySubscription.values().forEach((replay) -> current.add(replay.id()));
		this.active.keySet().retainAll(current);
		complete(bySubscription.values(), workers);
		return someOver ? AT_END : INTERVAL;
	}

	/** Whether the worker has come to the end of what it was offered. */
	private boolean bring(PartitionWorker worker, @Nullable ReplayRecord replay) {
		PartitionReplay part = worker.replay();
		if (replay != null && !worker.subscription().subscriber().replay()) {
			refuse(replay);
		}
		ActiveReplay offered = part.offered();
		if (offered != null && (replay == null || !offered.id().equals(replay.id())) && isOver(offered.id())) {
			part.withdraw();
			offered = null;
		}
		if (replay != null && offered != null && offered.id().equals(replay.id())) {
			offered.update(replay);
		}
		if (replay != null && offered == null) {
			PartitionReplay.Offer offer = offer(replay, worker.subscription(), worker.partition().partition(),
					worker.lease().partitions());
			if (offer != null) {
				part.offer(offer);
			}
		}
		worker.nudge();
		return part.isOver();
	}

	/** A newer version of the subscriber takes no replays any more. */
	private void refuse(ReplayRecord replay) {
		if (this.store.replays().change(replay.id(), Set.of(State.RUNNING, State.PAUSED), State.CANCELLED)) {
			logger.warn("Replay {} is cancelled: subscription '{}' takes no replays any more", replay.id(),
					replay.subscription());
		}
	}

	private boolean isOver(UUID id) {
		Optional<ReplayRecord> found = this.store.replays().find(id);
		return found.isEmpty() || found.get().state().isFinal();
	}

	private void complete(Iterable<ReplayRecord> replays, List<PartitionWorker> workers) {
		for (ReplayRecord replay : replays) {
			boolean ours = workers.stream()
				.anyMatch((worker) -> worker.subscription().id().equals(replay.subscription()));
			if (ours && replay.isAtEnd()) {
				this.store.replays().change(replay.id(), Set.of(State.RUNNING, State.PAUSED), State.COMPLETED);
			}
		}
	}

}
