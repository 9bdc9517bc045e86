package dev.events.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.events.InvalidSubscriptionException;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.SubscriptionInfo;
import dev.events.codec.EventCodec;
import dev.events.stats.EventCounters;
import dev.events.store.DeliveryCounts;
import dev.events.store.EventStore;
import dev.events.store.Wakeups;
import org.jspecify.annotations.Nullable;

/**
 * Delivers events of a store to the asynchronous subscribers of this node. Can be started
 * and stopped again and again. Thread-safe.
 */
public final class DeliveryEngine {

	private final EventStore store;

	private final EventCodec codec;

	private final String node;

	private final DeliverySettings settings;

	private final RetryPolicy retry;

	private final EventCounters counters;

	private final Consumer<List<Object>> publisher;

	private final DeliveryTransactions transactions;

	private final @Nullable Executor executor;

	private final RecentCounts<List<DeliveryCounts>> counts;

	// start and stop, one at a time
	private final ReentrantLock lifecycle = new ReentrantLock();

	// by id; guarded by this
	private final Map<String, Subscriber<?>> subscribers = new LinkedHashMap<>();

	// guarded by the lifecycle lock
	private List<PartitionWorker> unfinished = List.of();

	private volatile @Nullable EngineRun run;

	/**
	 * Creates an engine; nothing runs yet.
	 * @param publisher publishes what handlers return
	 * @param transactions those in which transactional subscribers run
	 * @param executor runs handlers, or {@code null} for threads of our own
	 */
	public DeliveryEngine(EventStore store, EventCodec codec, String node, DeliverySettings settings, RetryPolicy retry,
			EventCounters counters, Consumer<List<Object>> publisher, DeliveryTransactions transactions,
			@Nullable Executor executor) {
		this.store = store;
		this.codec = codec;
		this.node = node;
		this.settings = settings;
		this.retry = retry;
		this.counters = counters;
		this.publisher = publisher;
		this.transactions = transactions;
		this.executor = executor;
		this.counts = new RecentCounts<>(store.deliveries()::counts, System::nanoTime);
	}

	/** Begins to deliver. Does nothing when it does so already. */
	public void start() {
		this.lifecycle.lock();
		try {
			EngineRun starting;
			synchronized (this) {
				if (this.run != null) {
					return;
				}
				starting = new EngineRun(this.store, this.node, this.settings, this.counters, this.transactions,
						this.executor, this.unfinished);
				for (Map.Entry<String, Subscriber<?>> entry : this.subscribers.entrySet()) {
					starting.prepare(runtime(starting, entry.getKey(), entry.getValue()));
				}
				this.run = starting;
			}
			start(starting);
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	private void start(EngineRun starting) {
		try {
			starting.start();
		}
		catch (RuntimeException | Error ex) {
			stop(starting);
			throw ex;
		}
	}

	private void stop(EngineRun stopping) {
		try {
			this.unfinished = stopping.stop();
		}
		finally {
			this.run = null;
		}
	}

	/** Ends delivery: see {@link DeliverySettings#shutdownTimeout()}. */
	public void stop() {
		EngineRun current = this.run;
		if (current != null && current.isStopping() && current.isRunByCurrentThread()) {
			// who stops it waits for this handler
			return;
		}
		// not under the monitor: handlers that we wait for may subscribe
		this.lifecycle.lock();
		try {
			EngineRun stopping = this.run;
			if (stopping != null) {
				stop(stopping);
			}
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	/** Whether events are delivered. */
	public boolean isRunning() {
		return this.run != null;
	}

	/** There may be new events in the log. */
	public void wake() {
		EngineRun current = this.run;
		if (current != null) {
			current.wake();
		}
		else {
			this.store.wakeups().signal(this.node, Wakeups.Kind.EVENTS);
		}
	}

	/** Deliveries, of any node, may have become due. */
	public void wakeDue() {
		EngineRun current = this.run;
		if (current != null) {
			current.wakeDue();
		}
		else {
			this.store.wakeups().signal(this.node, Wakeups.Kind.DELIVERIES);
		}
	}

	/** Replays, of any node, have been started or changed, or cursors moved. */
	public void wakePartitions() {
		EngineRun current = this.run;
		if (current != null) {
			current.wakePartitions();
		}
		else {
			this.store.wakeups().signal(this.node, Wakeups.Kind.PARTITIONS);
		}
	}

	/**
	 * Adds a subscriber; its id decides whether it is durable. A durable one is in the
	 * store when this returns, whether events are delivered already or not.
	 * @param id id of the subscription, not in use
	 * @throws InvalidSubscriptionException when it is transactional and that is not
	 * possible
	 */
	public void add(String id, Subscriber<?> subscriber) {
		if (subscriber.transactional()) {
			requireTransactions();
		}
		EngineRun current;
		synchronized (this) {
			this.subscribers.put(id, subscriber);
			current = this.run;
		}
		try {
			if (current != null) {
				current.add(runtime(current, id, subscriber));
			}
			else if (subscriber.isDurable()) {
				// what is published before the start is for it, too
				this.store.subscriptions()
					.register(EngineRun.record(id, subscriber, this.settings), subscriber.startAt());
			}
		}
		catch (RuntimeException | Error ex) {
			synchronized (this) {
				this.subscribers.remove(id);
			}
			throw ex;
		}
	}

	/** Better now than at the first event. */
	private void requireTransactions() {
		this.transactions.execute((transaction) -> {
			if (!this.store.isInTransaction()) {
				throw new InvalidSubscriptionException("transactional is not possible: the event store ("
						+ this.store.name() + ") does not take part in the transactions of the transaction manager. "
						+ "Both must use the same DataSource");
			}
		});
	}

	/** Removes a subscriber; returns when its handlers have stopped. */
	public void remove(String id) {
		EngineRun current;
		synchronized (this) {
			this.subscribers.remove(id);
			current = this.run;
		}
		if (current != null) {
			// waits for handlers, which may themselves call us: not under the lock
			current.remove(id);
		}
		this.counters.forget(id);
	}

	/** State of all asynchronous subscriptions, of this node and in the store, by id. */
	public List<SubscriptionInfo> subscriptions() {
		EngineRun current = this.run;
		return new SubscriptionViews(this.store, this.counts, this.counters, this.settings)
			.list((current != null) ? current.served().all() : List.of());
	}

	private SubscriptionRuntime runtime(EngineRun target, String id, Subscriber<?> subscriber) {
		RetryPolicy policy = (subscriber.retry() != null) ? subscriber.retry() : this.retry;
		if (subscriber.maxAttempts() > 0) {
			policy = policy.withMaxAttempts(subscriber.maxAttempts());
		}
		boolean durable = subscriber.isDurable();
		return new SubscriptionRuntime(id, subscriber, new HandlerCall<>(id, subscriber, this.codec, this.publisher),
				policy, durable ? this.store : target.ephemeralStore(), durable);
	}

}
