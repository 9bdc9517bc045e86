package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import dev.events.InvalidSubscriptionException;
import dev.events.stats.EventCounters;
import dev.events.store.EventStore;
import dev.events.store.Lease;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import dev.events.store.Wakeups;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the engine, from start to stop: its threads and what they share.
 */
final class EngineRun implements LeaseKeeper.Registrar {

	private static final Logger logger = LoggerFactory.getLogger(EngineRun.class);

	private static final Duration LOOP_PATIENCE = Duration.ofSeconds(5);

	// leases of subscriptions without cursor; never prolonged
	private static final Duration FOR_EVER = Duration.ofDays(3650);

	private final EventStore store;

	private final String node;

	private final EventCounters counters;

	private final DeliverySettings settings;

	private final ServedSubscriptions served = new ServedSubscriptions();

	private final SubscriptionRecords subscriptions;

	private final LogTail tail;

	private final Checkpointer checkpointer;

	private final LeaseKeeper leases;

	private final RetryPoller retries;

	private final ReplayKeeper replays;

	private final OtherNodes others;

	private final Timers timers = new Timers();

	private final DeliveryContext context;

	private final @Nullable ExecutorService ownExecutor;

	private final Executor executor;

	// keeps what is parked of subscriptions that have no cursor in the store
	private final EventStore ephemeralStore;

	// of the run before, until they have stopped
	private final List<PartitionWorker> unfinished;

	private final Runnable onPartitions;

	private volatile boolean stopping;

	/**
	 * Creates a run.
	 * @param ephemeralStore keeps what is parked of subscriptions without a cursor, of
	 * this run only
	 * @param unfinished workers of the run before whose handlers still run
	 * @param onPartitions called when another node says that subscriptions or their
	 * partitions have changed
	 */
	EngineRun(EventStore store, EventStore ephemeralStore, String node, DeliverySettings settings,
			EventCounters counters, GivenUpRequests givenUp, DeliveryTransactions transactions,
			@Nullable Executor executor, List<PartitionWorker> unfinished, Runnable onPartitions) {
		this.onPartitions = onPartitions;
		this.unfinished = new CopyOnWriteArrayList<>(unfinished);
		this.store = store;
		this.ephemeralStore = ephemeralStore;
		this.node = node;
		this.counters = counters;
		this.settings = settings;
		this.subscriptions = new SubscriptionRecords(store, settings);
		this.tail = new LogTail(store.log(), settings, this.served);
		this.checkpointer = new Checkpointer(settings.checkpointInterval(), this::workers, this::lost);
		this.retries = new RetryPoller(this.served::workers);
		this.replays = new ReplayKeeper(store, this.served, settings.pageSize());
		this.context = new DeliveryContext(settings, counters, this.checkpointer, this.retries::hint, this.timers,
				transactions, givenUp, this::lost, this.replays::wake);
		this.others = new OtherNodes(store.wakeups(), node, this::woken);
		this.leases = new LeaseKeeper(store, node, settings, this.served, this, this.checkpointer, this.replays,
				this.others, this.unfinished);
		if (executor != null) {
			this.ownExecutor = null;
			this.executor = executor;
		}
		else {
			this.ownExecutor = threads();
			this.executor = this.ownExecutor;
		}
	}

	/**
	 * As many threads as partitions have something to do: no partition waits for another.
	 */
	private static ExecutorService threads() {
		AtomicInteger number = new AtomicInteger();
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), (task) -> {
			Thread thread = new Thread(task, "events-worker-" + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		});
	}

	EventStore ephemeralStore() {
		return this.ephemeralStore;
	}

	ServedSubscriptions served() {
		return this.served;
	}

	/** Adds a subscription before the start. */
	void prepare(SubscriptionRuntime subscription) {
		this.served.add(subscription);
	}

	/** Begins to deliver; when that fails, the run has to be stopped. */
	synchronized void start() {
		this.checkpointer.start();
		this.retries.start();
		this.tail.start();
		this.served.all().forEach(this::registerAtStart);
		// others see us from now on, and a node that cannot be seen does not start
		this.store.nodes().heartbeat(this.node, this.served.durableIds(), this.settings.leaseDuration());
		this.leases.start();
		this.replays.start();
		try {
			this.subscriptions.reportAbandoned(this.served);
		}
		catch (RuntimeException ex) {
			logger.debug("Abandoned subscriptions could not be looked for", ex);
		}
	}

	/** One that was deleted from the store while nothing ran is no reason not to run. */
	private void registerAtStart(SubscriptionRuntime subscription) {
		try {
			register(subscription);
		}
		catch (InvalidSubscriptionException ex) {
			if (!subscription.isStored()) {
				throw ex;
			}
			logger.debug("{}", ex.getMessage());
		}
	}

	/** Adds a subscription to the running engine; waits while it starts. */
	void add(SubscriptionRuntime subscription) {
		if (!subscription.isDurable()) {
			addEphemeral(subscription);
			return;
		}
		synchronized (this) {
			// has started; a row that somebody has locked must not stop other
			// subscriptions
		}
		register(subscription);
		this.served.add(subscription);
		this.leases.wake();
	}

	private synchronized void addEphemeral(SubscriptionRuntime subscription) {
		this.served.add(subscription);
		try {
			register(subscription);
		}
		catch (RuntimeException | Error ex) {
			this.served.remove(subscription);
			this.served.forgetStopped().forEach(this::forget);
			throw ex;
		}
	}

	@Override
	public void register(SubscriptionRuntime subscription) {
		if (subscription.isStored()) {
			this.subscriptions.open(subscription.id(), subscription.subscriber().startAt());
		}
		else if (subscription.isDurable()) {
			this.subscriptions.register(subscription.id(), subscription.subscriber());
		}
		else {
			SubscriptionRecord record = new SubscriptionRecords(subscription.store(), this.settings)
				.register(subscription.id(), subscription.subscriber());
			open(subscription, record.partitions());
		}
	}

	/** Starts a subscription that has no cursor, behind everything that is in the log. */
	private void open(SubscriptionRuntime subscription, int partitions) {
		long head = this.store.log().head();
		List<Lease> claimed = this.ephemeralStore.cursors()
			.claim(this.node,
					IntStream.range(0, partitions)
						.mapToObj((partition) -> new PartitionId(subscription.id(), partition))
						.toList(),
					FOR_EVER);
		for (Lease lease : claimed) {
			Lease fromHead = new Lease(lease.partition(), lease.node(), lease.epoch(), head, partitions, List.of());
			ParkedState nothing = new ParkedState(Map.of(), Set.of(), Set.of(), 0);
			PartitionWorker worker = worker(subscription, fromHead, nothing, null,
					System.nanoTime() + FOR_EVER.toNanos());
			if (subscription.add(worker)) {
				worker.start();
			}
		}
	}

	@Override
	public PartitionWorker worker(SubscriptionRuntime subscription, Lease lease, ParkedState parked,
			PartitionReplay.@Nullable Offer replay, long leaseDeadline) {
		return new PartitionWorker(subscription, lease, parked, replay, this.tail, this.executor, this.context,
				leaseDeadline);
	}

	@Override
	public void forget(SubscriptionRuntime subscription) {
		this.ephemeralStore.subscriptions().delete(subscription.id());
	}

	@Override
	public void stopped(PartitionWorker worker) {
		this.unfinished.remove(worker);
	}

	/** There may be new events in the log. */
	void wake() {
		this.tail.wake();
		this.others.tell(Wakeups.Kind.EVENTS);
	}

	/** Deliveries, of any node, may have become due. */
	void wakeDue() {
		this.retries.hint(Duration.ZERO);
		this.others.tell(Wakeups.Kind.DELIVERIES);
	}

	/** Rows of subscriptions have changed. */
	void subscriptionsChanged() {
		this.leases.wake();
	}

	/** Replays have been started or changed, or cursors moved. */
	void wakePartitions() {
		this.replays.wake();
		this.leases.wake();
		this.others.tell(Wakeups.Kind.PARTITIONS);
	}

	/** By another node. */
	private void woken(Wakeups.Kind kind) {
		switch (kind) {
			case EVENTS -> this.tail.wake();
			case DELIVERIES -> this.retries.hint(Duration.ZERO);
			case PARTITIONS -> {
				this.leases.wake();
				this.replays.wake();
				this.onPartitions.run();
			}
		}
	}

	/** See {@link PendingWork}. */
	List<String> pending() {
		return pendingWork().list();
	}

	/** See {@link PendingWork#unsettled()}. */
	boolean isSettled() {
		return pendingWork().unsettled().isEmpty();
	}

	private PendingWork pendingWork() {
		return new PendingWork(this.store, this.counters, this.served, this.tail);
	}

	/** Somebody else has the partition: nothing of it may be handled here any more. */
	private void lost(PartitionWorker worker) {
		if (!worker.isClosed()) {
			worker.close();
			this.leases.wake();
		}
	}

	void remove(String id) {
		SubscriptionRuntime subscription = this.served.find(id);
		if (subscription == null) {
			return;
		}
		this.served.remove(subscription);
		this.leases.wake();
		List<PartitionWorker> others = subscription.workers()
			.stream()
			.filter((worker) -> !worker.isRunByCurrentThread())
			.toList();
		boolean byHandler = others.size() < subscription.workers().size();
		try (UninterruptedWait wait = new UninterruptedWait()) {
			if (!byHandler && !wait.until(() -> others.stream().allMatch(PartitionWorker::isIdle),
					this.settings.shutdownTimeout())) {
				logger.warn("A handler of subscription '{}' is still running", id);
			}
			else if (!byHandler && subscription.isDurable()) {
				// the lease keeper saves what was done last and gives the partitions up
				wait.until(() -> subscription.workers().isEmpty(), LOOP_PATIENCE);
			}
		}
		this.served.forgetStopped().forEach(this::forget);
	}

	/** All workers that somebody has to wait for and save, also of the run before. */
	private List<PartitionWorker> workers() {
		List<PartitionWorker> workers = this.served.workers();
		this.unfinished.stream().filter((worker) -> !workers.contains(worker)).forEach(workers::add);
		return workers;
	}

	/** Whether a handler that this run has called is calling. */
	boolean isRunByCurrentThread() {
		return workers().stream().anyMatch(PartitionWorker::isRunByCurrentThread);
	}

	boolean isStopping() {
		return this.stopping;
	}

	/**
	 * Stops, as far as handlers let it.
	 * @return workers whose handlers still run: the next run must not begin beside them
	 */
	List<PartitionWorker> stop() {
		this.stopping = true;
		try (UninterruptedWait wait = new UninterruptedWait()) {
			this.served.close();
			this.leases.stop(LOOP_PATIENCE);
			this.tail.stop(LOOP_PATIENCE);
			this.retries.stop(LOOP_PATIENCE);
			this.replays.stop(LOOP_PATIENCE);
			List<PartitionWorker> running = finish(wait);
			this.checkpointer.stop(LOOP_PATIENCE);
			this.others.close();
			this.timers.stop();
			if (this.ownExecutor != null) {
				this.ownExecutor.shutdown();
			}
			return running;
		}
	}

	private List<PartitionWorker> finish(UninterruptedWait wait) {
		List<PartitionWorker> workers = workers();
		List<PartitionWorker> others = workers.stream().filter((worker) -> !worker.isRunByCurrentThread()).toList();
		BooleanSupplier finished = () -> others.stream().allMatch(PartitionWorker::isIdle);
		if (!wait.until(finished, this.settings.shutdownTimeout())) {
			List<PartitionWorker> running = others.stream().filter((worker) -> !worker.isIdle()).toList();
			logger.warn("Handlers of {} did not finish within {} and are interrupted",
					running.stream().map(PartitionWorker::partition).toList(), this.settings.shutdownTimeout());
			running.forEach(PartitionWorker::interrupt);
			wait.until(finished, Duration.ofSeconds(1));
		}
		// decided once: a lease whose handler still runs is left to run out, for nobody
		// may start beside it
		List<PartitionWorker> running = workers.stream().filter((worker) -> !worker.isIdle()).toList();
		List<PartitionWorker> stopped = workers.stream().filter((worker) -> !running.contains(worker)).toList();
		try {
			saveAndRelease(stopped);
		}
		catch (RuntimeException ex) {
			logger.warn("The last progress could not be saved; some events will be delivered again", ex);
		}
		return running.stream().filter((worker) -> worker.subscription().isDurable()).toList();
	}

	private void saveAndRelease(List<PartitionWorker> stopped) {
		if (!stopped.isEmpty()) {
			try {
				this.checkpointer.saveAll(LOOP_PATIENCE);
			}
			catch (RuntimeException ex) {
				logger.warn("Some of the last progress could not be saved; these events will be delivered again", ex);
			}
		}
		List<Lease> leases = stopped.stream()
			.filter((worker) -> worker.subscription().isDurable())
			.map(PartitionWorker::lease)
			.toList();
		if (!leases.isEmpty()) {
			this.store.cursors().release(leases);
		}
		if (this.leases.hasStarted()) {
			this.store.nodes().leave(this.node);
		}
		this.others.tell(Wakeups.Kind.PARTITIONS);
	}

}
