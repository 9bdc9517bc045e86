package dev.events.delivery;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription that this node serves: what to call, and the workers of the partitions
 * it holds at the moment. Thread-safe.
 * <p>
 * Invariants: all workers are of the same number of partitions, so that two of them never
 * have the same key; a worker stays here until it has stopped.
 */
final class SubscriptionRuntime {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionRuntime.class);

	// types come from publishers, so the memory for them is bounded
	private static final int MAX_CACHED_TYPES = 10_000;

	private static final int MAX_FAILED_COMMITS = 1000;

	private final String id;

	private final Subscriber<?> subscriber;

	private final HandlerCall<?> call;

	private final RetryPolicy retry;

	private final EventStore store;

	private final Kind kind;

	private final Map<String, Boolean> typeMatches = new ConcurrentHashMap<>();

	// permits for workers to run, or null when there is no limit
	private final @Nullable Semaphore threads;

	// of transactional subscribers: why a commit failed, until the store has told whether
	// it happened all the same
	private final Map<AttemptId, FailedCommit> failedCommits = new ConcurrentHashMap<>();

	private volatile boolean closed;

	// replaced as a whole, so that the router always sees one consistent state
	private volatile @Nullable PartitionWorker[] workers = new PartitionWorker[0];

	SubscriptionRuntime(String id, Subscriber<?> subscriber, HandlerCall<?> call, RetryPolicy retry, EventStore store,
			Kind kind) {
		this.id = id;
		this.subscriber = subscriber;
		this.call = call;
		this.retry = retry;
		this.store = store;
		this.kind = kind;
		this.threads = (subscriber.concurrency() > 0) ? new Semaphore(subscriber.concurrency()) : null;
	}

	String id() {
		return this.id;
	}

	Subscriber<?> subscriber() {
		return this.subscriber;
	}

	HandlerCall<?> call() {
		return this.call;
	}

	RetryPolicy retry() {
		return this.retry;
	}

	/** Where its cursors and deliveries are kept. */
	EventStore store() {
		return this.store;
	}

	boolean isDurable() {
		return this.kind != Kind.EPHEMERAL;
	}

	/** Whether it is here because it is in the store, and not the other way round. */
	boolean isStored() {
		return this.kind == Kind.STORED;
	}

	/** How long a call may take; zero for any time. */
	Duration timeout(DeliverySettings settings) {
		Duration own = this.subscriber.timeout();
		return (own != null) ? own : settings.handlerTimeout();
	}

	/** Whether the number of workers that run at the same time is limited. */
	boolean isLimited() {
		return this.threads != null;
	}

	/** Whether one more worker may run now. */
	boolean hasThread() {
		return this.threads == null || this.threads.availablePermits() > 0;
	}

	/** Lets a worker run, unless as many as may are running. */
	boolean acquireThread() {
		return this.threads == null || this.threads.tryAcquire();
	}

	/**
	 * A worker that was let run does so no longer.
	 * @return whether another one may have waited for that
	 */
	boolean releaseThread() {
		if (this.threads == null) {
			return false;
		}
		this.threads.release();
		return true;
	}

	/** Whether another worker waits for a thread. */
	boolean hasWaiting(PartitionWorker worker) {
		return !hasThread()
				&& workers().stream().anyMatch((other) -> other != worker && other.isIdle() && other.isWaiting());
	}

	/** Starts others that wait for a thread, those of the next partitions first. */
	void nudgeOthers(PartitionWorker worker) {
		if (this.closed) {
			// and nobody hands anything to an executor that may block while we are
			// closing
			return;
		}
		@Nullable PartitionWorker[] current = this.workers;
		for (int i = 1; i < current.length; i++) {
			PartitionWorker other = current[(worker.partition().partition() + i) % current.length];
			if (other != null && other != worker) {
				other.nudge();
			}
		}
	}

	/** Nobody knows whether the transaction has happened; the store will tell. */
	void failedCommit(AttemptId attempt, long epoch, Throwable error) {
		if (this.failedCommits.size() >= MAX_FAILED_COMMITS) {
			this.failedCommits.clear();
		}
		this.failedCommits.put(attempt, new FailedCommit(epoch, error));
	}

	/**
	 * Why the commit of an attempt failed that, as the store says, has not happened;
	 * {@code null} when there was none. Only under the very next lease: after that
	 * somebody may have moved the cursor back.
	 */
	@Nullable Throwable takeFailedCommit(AttemptId attempt, long epoch) {
		FailedCommit failed = this.failedCommits.isEmpty() ? null : this.failedCommits.remove(attempt);
		return (failed != null && failed.epoch + 1 == epoch) ? failed.error : null;
	}

	boolean accepts(LogEntry entry) {
		if (!entry.isReadable()) {
			logger.debug("{} passes over position {}, which is not an event", this.id, entry.position());
			return false;
		}
		return matches(entry.event().type()) && this.subscriber.accepts(entry.event().source(),
				entry.event().organization(), entry.event().metadata());
	}

	/** Whether events of a type are for this subscription, whatever else they carry. */
	boolean matches(String type) {
		Boolean matches = this.typeMatches.get(type);
		if (matches == null) {
			if (this.typeMatches.size() >= MAX_CACHED_TYPES) {
				this.typeMatches.clear();
			}
			matches = this.subscriber.matches(type);
			this.typeMatches.put(type, matches);
		}
		return matches;
	}

	/** The worker for an event, if this node holds its partition. */
	@Nullable PartitionWorker workerFor(int hash) {
		@Nullable PartitionWorker[] current = this.workers;
		return (current.length > 0) ? current[PartitionId.of(hash, current.length)] : null;
	}

	boolean hasWorkers() {
		for (PartitionWorker worker : this.workers) {
			if (worker != null) {
				return true;
			}
		}
		return false;
	}

	List<PartitionWorker> workers() {
		return Arrays.stream(this.workers).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
	}

	/**
	 * Adds a worker, unless the subscription is closed or still has a worker from the
	 * time when it had another number of partitions.
	 * @return whether the worker was added
	 */
	synchronized boolean add(PartitionWorker worker) {
		int partitions = worker.lease().partitions();
		int partition = worker.partition().partition();
		boolean empty = workers().isEmpty();
		if (this.closed || !empty && (this.workers.length != partitions || this.workers[partition] != null)) {
			return false;
		}
		@Nullable PartitionWorker[] changed = empty ? new PartitionWorker[partitions] : this.workers.clone();
		changed[partition] = worker;
		this.workers = changed;
		return true;
	}

	/** Removes a worker that has stopped. */
	synchronized void remove(PartitionWorker worker) {
		@Nullable PartitionWorker[] changed = this.workers.clone();
		int partition = worker.partition().partition();
		if (partition < changed.length && changed[partition] == worker) {
			changed[partition] = null;
			this.workers = changed;
		}
	}

	/** Closes all workers and takes no more. */
	synchronized void close() {
		this.closed = true;
		workers().forEach(PartitionWorker::close);
	}

	/** Under which lease a commit failed, and why. */
	private record FailedCommit(long epoch, Throwable error) {

	}

	/**
	 * What a subscription has in the store.
	 */
	enum Kind {

		/** Nothing. */
		EPHEMERAL,

		/** A row and cursors, made by the subscriber in the code. */
		REGISTERED,

		/** A row that somebody has written, and cursors. */
		STORED

	}

}
