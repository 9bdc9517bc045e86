package dev.events.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.events.InvalidSubscriptionException;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.SubscriptionInfo;
import dev.events.access.AccessControl;
import dev.events.codec.EventCodec;
import dev.events.delivery.SubscriptionRuntime.Kind;
import dev.events.observation.AroundHandlers;
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

	private final AccessControl access;

	private final AroundHandlers around;

	private final Supplier<EventStore> ephemeralStore;

	private final Consumer<List<Object>> publisher;

	private final DeliveryTransactions transactions;

	private final @Nullable Executor executor;

	private final RecentCounts<List<DeliveryCounts>> counts;

	private volatile Runnable onPartitions = () -> {
	};

	// start and stop, one at a time
	private final ReentrantLock lifecycle = new ReentrantLock();

	// by id; guarded by this
	private final Map<String, Served> subscribers = new LinkedHashMap<>();

	// guarded by the lifecycle lock
	private List<PartitionWorker> unfinished = List.of();

	private volatile @Nullable EngineRun run;

	/**
	 * Creates an engine; nothing runs yet.
	 * @param access who may receive what
	 * @param around what stands around calls of handlers
	 * @param ephemeralStore makes what keeps deliveries that are parked of subscriptions
	 * without a cursor
	 * @param publisher publishes what handlers return
	 * @param transactions those in which transactional subscribers run
	 * @param executor runs handlers, or {@code null} for threads of our own
	 */
	public DeliveryEngine(EventStore store, EventCodec codec, String node, DeliverySettings settings, RetryPolicy retry,
			EventCounters counters, AccessControl access, AroundHandlers around, Supplier<EventStore> ephemeralStore,
			Consumer<List<Object>> publisher, DeliveryTransactions transactions, @Nullable Executor executor) {
		this.store = store;
		this.codec = codec;
		this.node = node;
		this.settings = settings;
		this.retry = retry;
		this.counters = counters;
		this.access = access;
		this.around = around;
		this.ephemeralStore = ephemeralStore;
		this.publisher = publisher;
		this.transactions = transactions;
		this.executor = executor;
		this.counts = new RecentCounts<>(store.deliveries()::counts, System::nanoTime);
	}

	/**
	 * Has something called whenever another node says that subscriptions or their
	 * partitions have changed.
	 */
	public void onPartitions(Runnable action) {
		this.onPartitions = action;
	}

	private void partitionsChanged() {
		this.onPartitions.run();
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
				starting = new EngineRun(this.store, this.ephemeralStore.get(), this.node, this.settings, this.counters,
						new GivenUpRequests(this.publisher), this.transactions, this.executor, this.unfinished,
						this::partitionsChanged);
				for (Map.Entry<String, Served> entry : this.subscribers.entrySet()) {
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

	/**
	 * What this node could do now and has not done yet, for people; empty when it is
	 * quiet. See {@link PendingWork}.
	 */
	public List<String> pending() {
		EngineRun current = this.run;
		return (current != null) ? current.pending() : List.of();
	}

	/**
	 * Whether this node has taken up what was changed in the store: subscriptions, their
	 * partitions, and moves of their cursors.
	 */
	public boolean isSettled() {
		EngineRun current = this.run;
		return current == null || current.isSettled();
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
	 * possible, or the store has a subscription of another kind with this id
	 */
	public void add(String id, Subscriber<?> subscriber) {
		if (subscriber.transactional()) {
			requireTransactions();
		}
		Served served = new Served(subscriber, subscriber.isDurable() ? Kind.REGISTERED : Kind.EPHEMERAL);
		EngineRun current = add(id, served);
		try {
			if (current != null) {
				current.add(runtime(current, id, served));
			}
			else if (subscriber.isDurable()) {
				// what is published before the start is for it, too
				new SubscriptionRecords(this.store, this.settings).register(id, subscriber);
			}
		}
		catch (RuntimeException | Error ex) {
			forget(id);
			throw ex;
		}
	}

	/**
	 * Serves a subscription that is in the store, where it keeps its patterns,
	 * configuration and number of partitions.
	 * @param id its id, not in use
	 * @throws InvalidSubscriptionException when it is not in the store any more
	 */
	public void addStored(String id, Subscriber<?> subscriber) {
		Served served = new Served(subscriber, Kind.STORED);
		EngineRun current = add(id, served);
		try {
			if (current != null) {
				current.add(runtime(current, id, served));
			}
		}
		catch (RuntimeException | Error ex) {
			forget(id);
			throw ex;
		}
	}

	private synchronized @Nullable EngineRun add(String id, Served served) {
		if (this.subscribers.putIfAbsent(id, served) != null) {
			throw new InvalidSubscriptionException("There is a subscription '" + id + "' on this node already");
		}
		return this.run;
	}

	private synchronized void forget(String id) {
		this.subscribers.remove(id);
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

	/**
	 * Subscriptions in the store have changed: what this node serves of them is looked at
	 * at once.
	 */
	public void subscriptionsChanged() {
		EngineRun current = this.run;
		if (current != null) {
			current.subscriptionsChanged();
		}
	}

	/**
	 * State of all asynchronous subscriptions, of this node and in the store, by id.
	 * @param problems what is wrong with a stored subscription on this node, or
	 * {@code null}
	 */
	public List<SubscriptionInfo> subscriptions(Function<String, @Nullable String> problems) {
		EngineRun current = this.run;
		return new SubscriptionViews(this.store, this.counts, this.counters, this.settings, problems)
			.list((current != null) ? current.served().all() : List.of());
	}

	private SubscriptionRuntime runtime(EngineRun target, String id, Served served) {
		Subscriber<?> subscriber = served.subscriber;
		RetryPolicy policy = (subscriber.retry() != null) ? subscriber.retry() : this.retry;
		if (subscriber.maxAttempts() > 0) {
			policy = policy.withMaxAttempts(subscriber.maxAttempts());
		}
		String responder = (served.kind != Kind.EPHEMERAL) ? id : responder(id, this.node);
		return new SubscriptionRuntime(id, subscriber,
				new HandlerCall<>(id, responder, subscriber, this.codec, this.access, this.around, this.publisher),
				policy, (served.kind != Kind.EPHEMERAL) ? this.store : target.ephemeralStore(), served.kind);
	}

	/**
	 * How a subscription that every node has of its own signs answers to requests; others
	 * sign with their id, whichever node answers.
	 */
	public static String responder(String id, String node) {
		return id + "@" + node;
	}

	private record Served(Subscriber<?> subscriber, Kind kind) {

	}

}
