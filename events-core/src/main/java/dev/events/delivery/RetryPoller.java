package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.events.store.EventStore;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deliveries that are due back to their workers, and as a safety net starts
 * workers that found no thread or rested after an error.
 */
final class RetryPoller {

	private static final Logger logger = LoggerFactory.getLogger(RetryPoller.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final int LIMIT = 500;

	private final Supplier<List<PartitionWorker>> workers;

	private final Loop loop = new Loop("events-retry", this::poll);

	// when the next delivery is due, as far as this node knows, by System.nanoTime()
	private final AtomicLong nextDue = new AtomicLong(System.nanoTime());

	private final Map<EventStore, Trouble> troubles = new IdentityHashMap<>();

	RetryPoller(Supplier<List<PartitionWorker>> workers) {
		this.workers = workers;
	}

	void start() {
		this.loop.start();
	}

	void stop(Duration patience) {
		this.loop.stop(patience);
	}

	/** Something will be due then. */
	void hint(Duration in) {
		long due = System.nanoTime() + in.toNanos();
		long known = this.nextDue.getAndUpdate((next) -> (due - next < 0) ? due : next);
		if (due - known < 0 && in.compareTo(INTERVAL) < 0) {
			this.loop.signal();
		}
	}

	private Duration poll() {
		long now = System.nanoTime();
		this.nextDue.updateAndGet((next) -> (next - now <= 0) ? now + INTERVAL.toNanos() : next);
		Map<EventStore, Map<PartitionId, PartitionWorker>> byStore = new IdentityHashMap<>();
		for (PartitionWorker worker : this.workers.get()) {
			worker.nudge();
			// what one that hangs has not taken up must not take the place of others
			if (!worker.wantsDue()) {
				continue;
			}
			byStore.computeIfAbsent(worker.subscription().store(), (store) -> new HashMap<>())
				.put(worker.partition(), worker);
		}
		boolean more = false;
		for (Map.Entry<EventStore, Map<PartitionId, PartitionWorker>> entry : byStore.entrySet()) {
			Trouble trouble = this.troubles.computeIfAbsent(entry.getKey(), (store) -> new Trouble());
			try {
				more |= poll(entry.getKey(), entry.getValue());
				int failures = trouble.over();
				if (failures > 0) {
					logger.info("Due deliveries are read again after {} failed attempts", failures);
				}
			}
			catch (RuntimeException ex) {
				if (trouble.failed()) {
					logger.warn("Due deliveries could not be read from store '{}'; will try again until it succeeds",
							entry.getKey().name(), ex);
				}
			}
		}
		long pause = Math.min(this.nextDue.get() - System.nanoTime(), INTERVAL.toNanos());
		return Duration.ofNanos(more ? 50_000_000 : Math.max(pause, 10_000_000));
	}

	/** Whether there may be more that can be taken at once. */
	private static boolean poll(EventStore store, Map<PartitionId, PartitionWorker> workers) {
		Map<PartitionId, Long> savedChanges = new HashMap<>();
		workers.forEach((partition, worker) -> savedChanges.put(partition, worker.savedChanges()));
		List<StoredDelivery> due = store.deliveries().due(new ArrayList<>(workers.keySet()), LIMIT);
		int taken = 0;
		for (StoredDelivery delivery : due) {
			PartitionWorker worker = workers.get(delivery.partition());
			Long saved = savedChanges.get(delivery.partition());
			if (worker != null && saved != null && worker.offer(delivery, saved)) {
				taken++;
			}
		}
		return due.size() == LIMIT && taken > 0;
	}

}
