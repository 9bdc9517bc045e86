package dev.events.connector;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.events.StartPosition;
import dev.events.delivery.DeliveryEngine;
import dev.events.delivery.Loop;
import dev.events.store.EventStore;
import dev.events.store.SubscriptionRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the subscriptions in the store, whoever changes them and how: serves those that
 * are data, and lets the engine know when one is paused, resumed or changed. Its own
 * thread only compares; slow changes happen in others. Thread-safe.
 * <p>
 * Why no event is lost or doubled by a change: the cursor stays in the store. A node that
 * serves a subscription no longer, or anew, gives its partitions up when their handlers
 * have finished and their progress is saved, and claims them again afterwards.
 */
public final class SubscriptionKeeper {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionKeeper.class);

	// changes reach every node within a second, also without a word from another node
	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	// in steps of the interval
	private static final int RETRY_EVERY = 10;

	private static final int THREADS = 16;

	private final EventStore store;

	private final Connectors connectors;

	private final DeliveryEngine engine;

	private final Runnable changed;

	private final ThreadPoolExecutor executor;

	private final Map<String, ServedSubscription> served = new ConcurrentHashMap<>();

	// as they were last seen, by id; only written by the loop, when it has acted on them
	private volatile Map<String, SubscriptionRecord> seen = new HashMap<>();

	private int steps;

	private boolean leftoversCleared;

	private volatile @Nullable Loop loop;

	/**
	 * Creates it; nothing runs yet.
	 * @param changed tells all nodes that a subscription has changed
	 */
	public SubscriptionKeeper(EventStore store, Connectors connectors, DeliveryEngine engine, Runnable changed) {
		this.store = store;
		this.connectors = connectors;
		this.engine = engine;
		this.changed = changed;
		this.executor = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, "events-subscriptions-change");
					thread.setDaemon(true);
					return thread;
				});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Begins. Does nothing when it has begun.
	 * @throws IllegalStateException when it was closed
	 */
	public synchronized void start() {
		if (this.executor.isShutdown()) {
			throw new IllegalStateException("The event bus is closed");
		}
		if (this.loop == null) {
			Loop starting = new Loop("events-subscriptions", this::step);
			this.loop = starting;
			starting.start();
		}
	}

	/** Follows no longer; what is served stays as it is. */
	public synchronized void stop() {
		Loop stopping = this.loop;
		if (stopping != null) {
			this.loop = null;
			stopping.stop(PATIENCE);
		}
	}

	/** Stops, and ends all connections; delivery must have ended. */
	public void close() {
		stop();
		if (this.executor.isShutdown()) {
			return;
		}
		this.served.values().forEach((subscription) -> subscription.want(null));
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("Some connections of subscriptions did not end within {}", PATIENCE);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Subscriptions in the store may have changed. */
	public void wake() {
		Loop current = this.loop;
		if (current != null) {
			current.signal();
		}
	}

	/** Whether something has changed in the store that is not acted on yet. */
	public boolean isBehind() {
		if (this.loop == null) {
			return false;
		}
		Map<String, SubscriptionRecord> acted = stored(this.seen.values());
		return !acted.equals(stored(this.store.subscriptions().list()))
				|| this.served.values().stream().anyMatch(ServedSubscription::isChanging);
	}

	private static Map<String, SubscriptionRecord> stored(Collection<SubscriptionRecord> records) {
		return records.stream()
			.filter((record) -> !record.isHandler())
			.collect(Collectors.toMap(SubscriptionRecord::id, Function.identity()));
	}

	/** What is wrong with a subscription on this node, or {@code null}. */
	public @Nullable String problem(String id) {
		ServedSubscription subscription = this.served.get(id);
		return (subscription != null) ? subscription.problem() : null;
	}

	/** What its connection on this node tells about itself. */
	public Map<String, Object> details(String id) {
		ServedSubscription subscription = this.served.get(id);
		return (subscription != null) ? subscription.details() : Map.of();
	}

	private Duration step() {
		Map<String, SubscriptionRecord> now = new LinkedHashMap<>();
		this.store.subscriptions().list().forEach((record) -> now.put(record.id(), record));
		Map<String, SubscriptionRecord> before = this.seen;
		Map<String, SubscriptionRecord> unopened = new HashMap<>();
		boolean retry = ++this.steps % RETRY_EVERY == 0;
		for (SubscriptionRecord record : now.values()) {
			SubscriptionRecord known = before.get(record.id());
			if (known != null && known.partitions() != record.partitions() && !reopen(record)) {
				// to be seen, and tried, again
				unopened.put(record.id(), known);
			}
			if (!record.isHandler()) {
				follow(record, known, retry);
			}
		}
		Set<String> gone = new LinkedHashSet<>(before.keySet());
		if (!this.leftoversCleared) {
			// rows that were deleted while no node ran, and so seen by nobody
			this.store.cursors().list().forEach((cursor) -> gone.add(cursor.partition().subscription()));
		}
		gone.removeAll(now.keySet());
		gone.forEach(this.store.subscriptions()::clear);
		this.leftoversCleared = true;
		this.served.forEach((id, subscription) -> {
			SubscriptionRecord record = now.get(id);
			if (record != null && !record.isHandler()) {
				return;
			}
			if (subscription.isOver()) {
				this.served.remove(id);
			}
			else {
				subscription.want(null);
			}
		});
		if (!now.equals(before)) {
			this.engine.subscriptionsChanged();
		}
		now.putAll(unopened);
		this.seen = now;
		return INTERVAL;
	}

	private void follow(SubscriptionRecord record, @Nullable SubscriptionRecord known, boolean retry) {
		ServedSubscription subscription = this.served.get(record.id());
		if (subscription == null) {
			subscription = new ServedSubscription(record.id(), this.connectors, this.engine, this.executor,
					Context::new);
			this.served.put(record.id(), subscription);
			subscription.want(record);
		}
		else if (!record.equals(known) || retry && subscription.isRetryable()) {
			subscription.want(record);
		}
	}

	/** Somebody may have changed the number of partitions by hand. */
	private boolean reopen(SubscriptionRecord record) {
		if (!record.hasPossiblePartitions()) {
			return true;
		}
		try {
			this.store.subscriptions().open(record.id(), StartPosition.HEAD);
			return true;
		}
		catch (RuntimeException ex) {
			logger.warn("Subscription '{}' could not be brought to {} partitions; will try again", record.id(),
					record.partitions(), ex);
			return false;
		}
	}

	private final class Context implements ConnectorContext {

		// as it was when the connection was made
		private final SubscriptionRecord served;

		Context(SubscriptionRecord served) {
			this.served = served;
		}

		@Override
		public String subscription() {
			return this.served.id();
		}

		@Override
		public List<String> patterns() {
			return this.served.patterns();
		}

		@Override
		public @Nullable String organization() {
			return this.served.organization();
		}

		@Override
		public void suspend(String reason) {
			if (SubscriptionKeeper.this.store.subscriptions().suspend(this.served, reason)) {
				logger.warn("Subscription '{}' is paused: {}", this.served.id(), reason);
				SubscriptionKeeper.this.changed.run();
			}
		}

	}

}
