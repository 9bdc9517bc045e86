package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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

/**
 * Saves the progress of all workers of the node together, in one transaction of the
 * store, after a bounded time. Its thread is the only one that saves, so progress of a
 * partition is written in the order in which it was made.
 */
final class Checkpointer implements DeliveryContext.Saver {

	// events that are not for a subscription need not be remembered at once
	private static final long PASSED_OVER_NANOS = Duration.ofSeconds(5).toNanos();

	private static final Duration SAVE_TIMEOUT = Duration.ofSeconds(30);

	private final Duration interval;

	private final Supplier<List<PartitionWorker>> workers;

	private final Consumer<PartitionWorker> onLost;

	private final Queue<CompletableFuture<@Nullable Void>> waiters = new ConcurrentLinkedQueue<>();

	private final Loop loop = new Loop("events-checkpoint", this::run);

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
	public void save(PartitionWorker worker) throws InterruptedException {
		save(SAVE_TIMEOUT);
	}

	/** Saves everything, also how far workers have passed over events. */
	void saveAll(Duration timeout) throws InterruptedException {
		this.everything = true;
		save(timeout);
	}

	private void save(Duration timeout) throws InterruptedException {
		CompletableFuture<@Nullable Void> saved = new CompletableFuture<>();
		this.waiters.add(saved);
		this.loop.signal();
		try {
			saved.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			this.waiters.remove(saved);
			throw new EventStoreException("Progress could not be saved", ex);
		}
	}

	private Duration run() {
		// taken first: what these wait for was done before they came
		List<CompletableFuture<@Nullable Void>> served = new ArrayList<>();
		for (var waiter = this.waiters.poll(); waiter != null; waiter = this.waiters.poll()) {
			served.add(waiter);
		}
		try {
			boolean passedOverToo = this.everything || System.nanoTime() - this.lastPassedOver > PASSED_OVER_NANOS;
			this.everything = false;
			saveWorkers(passedOverToo);
			if (passedOverToo) {
				this.lastPassedOver = System.nanoTime();
			}
			served.forEach((waiter) -> waiter.complete(null));
		}
		catch (RuntimeException | Error ex) {
			served.forEach((waiter) -> waiter.completeExceptionally(ex));
			throw ex;
		}
		return this.interval;
	}

	private void saveWorkers(boolean passedOverToo) {
		Map<EventStore, Map<PartitionWorker, Checkpoint>> byStore = new IdentityHashMap<>();
		for (PartitionWorker worker : this.workers.get()) {
			Checkpoint checkpoint = worker.checkpoint(passedOverToo);
			if (checkpoint != null) {
				byStore.computeIfAbsent(worker.subscription().store(), (store) -> new IdentityHashMap<>())
					.put(worker, checkpoint);
			}
		}
		byStore.forEach(this::save);
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

}
