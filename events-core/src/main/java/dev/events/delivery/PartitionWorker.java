package dev.events.delivery;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.Lease;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one partition: takes its events from the log strictly in order, and what was
 * parked when it is due. At most one thread runs a worker at any time, so a slow handler
 * delays its own partition and nothing else.
 * <p>
 * Invariants: (1) only the thread that runs the worker touches {@link PartitionQueue};
 * (2) a worker that is {@link State#IDLE} and neither stalled nor to be rescanned has
 * done all of its events that were routed; (3) nothing is handled under a lease that may
 * have run out.
 */
final class PartitionWorker {

	private static final Logger logger = LoggerFactory.getLogger(PartitionWorker.class);

	private static final int SLICE = 100;

	// after so many slices a shared executor is given back for others
	private static final int SLICES_PER_RUN = 50;

	private final SubscriptionRuntime subscription;

	private final Lease lease;

	private final int partitions;

	private final LogTail tail;

	private final Executor executor;

	private final Progress progress;

	private final PartitionQueue queue;

	private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

	private final Queue<StoredDelivery> due = new ConcurrentLinkedQueue<>();

	// due deliveries from being taken in until their outcome is saved
	private final Set<Long> inHand = ConcurrentHashMap.newKeySet();

	private final HandlerThread handlerThread = new HandlerThread();

	// newest position routed here; written by the tail's thread only
	private volatile long routed;

	// there may be events that were not routed
	private volatile boolean rescan = true;

	private volatile boolean stalled;

	private volatile boolean closed;

	private volatile long leaseDeadline;

	// written by the checkpointer's thread only
	private volatile long savedChanges;

	private volatile long restUntil = System.nanoTime();

	private long failures;

	PartitionWorker(SubscriptionRuntime subscription, Lease lease, ParkedState parked, LogTail tail, Executor executor,
			DeliveryContext context, int partitions, long leaseDeadline) {
		this.subscription = subscription;
		this.lease = lease;
		this.tail = tail;
		this.executor = executor;
		this.progress = new Progress(lease.position());
		this.partitions = partitions;
		this.queue = new PartitionQueue(this, parked, this.progress, context, this.handlerThread);
		this.leaseDeadline = leaseDeadline;
	}

	PartitionId partition() {
		return this.lease.partition();
	}

	Lease lease() {
		return this.lease;
	}

	SubscriptionRuntime subscription() {
		return this.subscription;
	}

	/** The lease holds until then, by {@link System#nanoTime()}. */
	void prolong(long leaseDeadline) {
		this.leaseDeadline = leaseDeadline;
		nudge();
	}

	/**
	 * The tail's thread has read events for this worker.
	 * @param first position of the first of them
	 * @param last position of the last of them
	 */
	void route(long first, long last) {
		boolean caughtUp = isCaughtUp();
		this.routed = last;
		if (isActive() && this.state.compareAndSet(State.IDLE, State.SCHEDULED)) {
			if (caughtUp) {
				// nothing in between is for this worker: it need not look for it
				this.progress.advance(first - 1);
			}
			execute();
		}
	}

	/** How many times delivery changes of this worker have been saved. */
	long savedChanges() {
		return this.savedChanges;
	}

	/**
	 * Takes in a delivery that is due, unless it is in hand already, or may be out of
	 * date.
	 * @param savedChanges {@link #savedChanges()} from before the delivery was read
	 */
	void offer(StoredDelivery delivery, long savedChanges) {
		if (this.closed || !this.inHand.add(delivery.position())) {
			return;
		}
		if (this.savedChanges != savedChanges) {
			this.inHand.remove(delivery.position());
			return;
		}
		this.due.add(delivery);
		nudge();
	}

	/** Starts the worker if it has something to do and is not running. */
	void nudge() {
		if (hasWork() && this.restUntil - System.nanoTime() <= 0
				&& this.state.compareAndSet(State.IDLE, State.SCHEDULED)) {
			execute();
		}
	}

	private boolean hasWork() {
		return isActive() && (!this.due.isEmpty() || this.queue.hasReadyKeys()
				|| !this.stalled && (this.rescan || this.routed > this.progress.position()));
	}

	/** Whether everything that was routed here, or lies before that, is done. */
	private boolean isCaughtUp() {
		return !this.rescan && !this.stalled && this.routed <= this.progress.position();
	}

	private void execute() {
		try {
			this.executor.execute(this::run);
		}
		catch (RejectedExecutionException ex) {
			// the retry poller nudges again
			logger.debug("No thread for {} at the moment", partition());
			this.rescan = true;
			this.state.set(State.IDLE);
		}
	}

	private void run() {
		boolean again = true;
		try {
			again = work();
			this.failures = 0;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			again = false;
		}
		catch (Throwable ex) {
			again = false;
			rest(ex);
		}
		finally {
			this.state.set(State.IDLE);
			if (again || hasWork()) {
				nudge();
			}
		}
	}

	/**
	 * Something of our own went wrong, most likely the store: try again after a while.
	 */
	private void rest(Throwable ex) {
		this.rescan = true;
		this.failures++;
		this.restUntil = System.nanoTime() + Math.min(5_000, 100L << Math.min(6, this.failures)) * 1_000_000;
		if (this.failures == 1) {
			logger.warn("{} pauses and will try again until it succeeds", partition(), ex);
		}
	}

	/** Whether to go on at once. */
	private boolean work() throws InterruptedException {
		for (int slices = 0; slices < SLICES_PER_RUN; slices++) {
			workOffDue();
			this.stalled = this.queue.isFull();
			if (!isActive() || this.stalled) {
				this.rescan = true;
				return false;
			}
			LogSlice slice = this.tail.after(this.progress.position(), SLICE);
			if (slice.upTo() <= this.progress.position()) {
				// what comes now will be routed, for we were registered before we looked
				this.rescan = false;
				return false;
			}
			if (!handle(slice)) {
				this.rescan = true;
				return false;
			}
			this.progress.advance(slice.upTo());
		}
		this.rescan = true;
		return true;
	}

	/** Whether all of it is done. */
	private boolean handle(LogSlice slice) throws InterruptedException {
		for (LogEntry entry : slice.entries()) {
			if (PartitionId.of(entry.hash(), this.partitions) != partition().partition()
					|| !this.subscription.accepts(entry.event())) {
				continue;
			}
			workOffDue();
			if (!isActive() || this.queue.isFull()) {
				return false;
			}
			this.queue.handle(entry);
		}
		return true;
	}

	private void workOffDue() throws InterruptedException {
		this.queue.workOffReadyKeys();
		while (isActive()) {
			StoredDelivery delivery = this.due.poll();
			if (delivery == null) {
				return;
			}
			try {
				this.queue.handle(delivery);
			}
			catch (InterruptedException | RuntimeException | Error ex) {
				if (!this.progress.hasChangeAt(delivery.position())) {
					// not done: it is still due in the store and will come again
					this.inHand.remove(delivery.position());
				}
				throw ex;
			}
			this.queue.workOffReadyKeys();
		}
	}

	/** Whether events may be handled; never once the lease may have run out. */
	boolean isActive() {
		return !this.closed && this.leaseDeadline - System.nanoTime() > 0;
	}

	/**
	 * What is to be saved, or {@code null}.
	 * @param passedOverToo also how far the log has gone on without an event for this
	 * worker
	 */
	@Nullable Checkpoint checkpoint(boolean passedOverToo) {
		// read first: what is routed later may not be done yet
		long routedToAll = this.tail.routed();
		return this.progress.checkpoint(this.lease, (passedOverToo && isCaughtUp()) ? routedToAll : 0);
	}

	void saved(Checkpoint checkpoint) {
		this.progress.saved(checkpoint);
		if (checkpoint.changes().isEmpty()) {
			return;
		}
		// before they leave the hand: whoever read one of them until now has read old
		// news
		this.savedChanges++;
		for (DeliveryChange change : checkpoint.changes()) {
			this.inHand.remove(change.position());
		}
	}

	/** How far this worker has come, for people. */
	long position() {
		Checkpoint next = checkpoint(true);
		return (next != null) ? next.position() : this.progress.savedPosition();
	}

	boolean isStalled() {
		return this.stalled;
	}

	/** Takes nothing more; a handler that is running goes on. */
	void close() {
		this.closed = true;
	}

	/** Whether no thread runs this worker. After {@link #close()} it stays so. */
	boolean isIdle() {
		return this.state.get() == State.IDLE;
	}

	boolean isRunByCurrentThread() {
		return this.handlerThread.isCurrent();
	}

	/** Interrupts the handler that is running, if one is. */
	void interrupt() {
		this.handlerThread.interrupt();
	}

	private enum State {

		IDLE, SCHEDULED

	}

}
