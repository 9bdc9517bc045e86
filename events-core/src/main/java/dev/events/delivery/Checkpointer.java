package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.events.EventStoreException;
import dev.events.store.Checkpoint;
import dev.events.store.EventStore;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the progress of all workers of the node together, in one transaction of the
 * store, after a bounded time. Its thread is the only one that saves, so progress of a
 * partition is written in the order in which it was made.
 */
final class Checkpointer implements DeliveryContext.Saver {

	// events that are not for a subscription need not be remembered at once
	private static final long PASSED_OVER_NANOS = Duration.ofSeconds(5).toNanos();

	private static final Duration SAVE_TIMEOUT = Duration.ofSeconds(30);

	private static final Logger logger = LoggerFactory.getLogger(Checkpointer.class);

	private static final int MAX_FAILURES_IN_A_ROW = 3;

	private final Duration interval;

	private final Supplier<List<PartitionWorker>> workers;

	private final Consumer<PartitionWorker> onLost;

	private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

	private final Loop loop = new Loop("events-checkpoint", this::run);

	// whose last checkpoint the store refused though it took others
	private final Map<PartitionWorker, Refusal> refused = new HashMap<>();

	private volatile boolean everything;

	private long lastPassedOver = System.nanoTime();

	Checkpointer(Duration interval, Supplier<List<PartitionWorker>> workers, Consumer<PartitionWorker> onLost) {
		this.interval = interval;
		this.workers = workers;
		this.onLost = onLost;
	}

	void start() {
		this.loop.start();
	}

	void stop(Duration patience) {
		this.loop.stop(patience);
	}

	@Override
	public void save(PartitionWorker worker) {
		save(worker, SAVE_TIMEOUT);
	}

	/** Returns when everything that the worker has done before the call is saved. */
	void save(@Nullable PartitionWorker worker, Duration timeout) {
		Waiter waiter = new Waiter(worker, new CompletableFuture<>());
		this.waiters.add(waiter);
		this.loop.signal();
		if (this.loop.isStopped()) {
			waiter.saved.completeExceptionally(new IllegalStateException("Stopped"));
		}
		try {
			waiter.await(System.nanoTime() + timeout.toNanos());
		}
		finally {
			this.waiters.remove(waiter);
		}
	}

	/** Saves everything, also how far workers have passed over events. */
	void saveAll(Duration timeout) {
		this.everything = true;
		save(null, timeout);
	}

	private Duration run() {
		// taken first: what these wait for was done before they came
		List<Waiter> served = new ArrayList<>();
		for (Waiter waiter = this.waiters.poll(); waiter != null; waiter = this.waiters.poll()) {
			served.add(waiter);
		}
		Map<PartitionWorker, Throwable> failed = new IdentityHashMap<>();
		try {
			boolean passedOverToo = this.everything || System.nanoTime() - this.lastPassedOver > PASSED_OVER_NANOS;
			this.everything = false;
			saveWorkers(passedOverToo, served, failed);
			if (passedOverToo) {
				this.lastPassedOver = System.nanoTime();
			}
			served.forEach((waiter) -> waiter.complete(failed));
		}
		catch (RuntimeException | Error ex) {
			served.forEach((waiter) -> waiter.saved.completeExceptionally(ex));
			throw ex;
		}
		return this.interval;
	}

	private void saveWorkers(boolean passedOverToo, List<Waiter> waiters, Map<PartitionWorker, Throwable> failed) {
		Map<EventStore, Map<PartitionWorker, Checkpoint>> byStore = new IdentityHashMap<>();
		Map<PartitionWorker, Checkpoint> alone = new IdentityHashMap<>();
		List<PartitionWorker> present = this.workers.get();
		this.refused.keySet().retainAll(present);
		for (PartitionWorker worker : present) {
			Checkpoint checkpoint = worker.checkpoint(passedOverToo);
			if (checkpoint == null) {
				this.refused.remove(worker);
				continue;
			}
			Refusal refusal = this.refused.get(worker);
			if (refusal == null) {
				byStore.computeIfAbsent(worker.subscription().store(), (store) -> new IdentityHashMap<>())
					.put(worker, checkpoint);
			}
			else if (passedOverToo || refusal.isOver()
					|| waiters.stream().anyMatch((waiter) -> waiter.worker == worker)) {
				alone.put(worker, checkpoint);
			}
			else {
				failed.put(worker, refusal.reason);
			}
		}
		int stores = byStore.size();
		List<RuntimeException> outages = new ArrayList<>();
		byStore.forEach((store, checkpoints) -> saveTogether(store, checkpoints, failed, outages));
		alone.forEach((worker, checkpoint) -> saveAlone(worker, checkpoint, failed));
		if (!outages.isEmpty() && outages.size() == stores) {
			throw outages.get(0);
		}
	}

	private void saveTogether(EventStore store, Map<PartitionWorker, Checkpoint> checkpoints,
			Map<PartitionWorker, Throwable> failed, List<RuntimeException> outages) {
		try {
			save(store, checkpoints);
		}
		catch (RuntimeException ex) {
			if (!saveOneByOne(checkpoints, failed, ex)) {
				outages.add(ex);
			}
		}
	}

	/**
	 * One change that the store refuses must not hold up the cursors of the others. In a
	 * random order, and not to the end: when one after the other fails it is the store's
	 * trouble, and each may cost a timeout.
	 * @return whether any was saved
	 */
	private boolean saveOneByOne(Map<PartitionWorker, Checkpoint> checkpoints, Map<PartitionWorker, Throwable> failed,
			RuntimeException reason) {
		List<PartitionWorker> order = new ArrayList<>(checkpoints.keySet());
		Collections.shuffle(order);
		Map<PartitionWorker, Throwable> tried = new IdentityHashMap<>();
		boolean any = false;
		int inARow = 0;
		for (PartitionWorker worker : order) {
			if (inARow == MAX_FAILURES_IN_A_ROW) {
				failed.put(worker, reason);
				continue;
			}
			RuntimeException failure = trySave(worker, checkpoints);
			if (failure == null) {
				any = true;
				inARow = 0;
			}
			else {
				tried.put(worker, failure);
				inARow++;
			}
		}
		if (any) {
			// what failed before another was saved may have failed for an outage that is
			// over
			List.copyOf(tried.keySet())
				.stream()
				.filter((worker) -> trySave(worker, checkpoints) == null)
				.forEach(tried::remove);
			tried.forEach(this::refuse);
		}
		failed.putAll(tried);
		return any;
	}

	/** Saves one on its own, and says why that failed, if it did. */
	private @Nullable RuntimeException trySave(PartitionWorker worker, Map<PartitionWorker, Checkpoint> checkpoints) {
		try {
			save(worker.subscription().store(), Map.of(worker, Objects.requireNonNull(checkpoints.get(worker))));
			return null;
		}
		catch (RuntimeException ex) {
			return ex;
		}
	}

	private void saveAlone(PartitionWorker worker, Checkpoint checkpoint, Map<PartitionWorker, Throwable> failed) {
		try {
			save(worker.subscription().store(), Map.of(worker, checkpoint));
			this.refused.remove(worker);
			logger.info("The progress of {} is saved again", worker.partition());
		}
		catch (RuntimeException ex) {
			failed.put(worker, ex);
			refuse(worker, ex);
		}
	}

	private void refuse(PartitionWorker worker, Throwable reason) {
		Refusal before = this.refused.get(worker);
		if (before == null) {
			logger.warn("The store refuses the progress of {}, which will be tried again on its own",
					worker.partition(), reason);
		}
		this.refused.put(worker, new Refusal(reason, (before != null) ? before.times + 1 : 1, System.nanoTime()));
	}

	private void save(EventStore store, Map<PartitionWorker, Checkpoint> checkpoints) {
		Set<PartitionId> lost = store.cursors().checkpoint(List.copyOf(checkpoints.values()));
		checkpoints.forEach((worker, checkpoint) -> {
			if (lost.contains(worker.partition())) {
				this.onLost.accept(worker);
			}
			else {
				worker.saved(checkpoint);
			}
		});
	}

	private record Refusal(Throwable reason, int times, long since) {

		boolean isOver() {
			long pause = Math.min(5_000, 100L << Math.min(6, this.times)) * 1_000_000;
			return System.nanoTime() - this.since > pause;
		}

	}

	/**
	 * Who waits for the progress of a worker, or of all if there is none, to be saved.
	 */
	private record Waiter(@Nullable PartitionWorker worker, CompletableFuture<@Nullable Void> saved) {

		void complete(Map<PartitionWorker, Throwable> failed) {
			Throwable failure = (this.worker != null) ? failed.get(this.worker)
					: failed.values().stream().findFirst().orElse(null);
			if (failure != null) {
				this.saved.completeExceptionally(failure);
			}
			else {
				this.saved.complete(null);
			}
		}

		/** An interrupt does not end this: it only is about handlers. */
		void await(long deadline) {
			boolean interrupted = false;
			try {
				while (true) {
					try {
						this.saved.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
						return;
					}
					catch (InterruptedException ex) {
						interrupted = true;
					}
				}
			}
			catch (ExecutionException | TimeoutException ex) {
				throw new EventStoreException("Progress could not be saved", ex);
			}
			finally {
				if (interrupted) {
					Thread.currentThread().interrupt();
				}
			}
		}

	}

}
