package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.delivery.Attempts.LeaseOverException;
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
 * (2) a worker that is idle, not closed, and neither stalled nor to be rescanned has done
 * all of its events that were routed; (3) nothing is handled under a lease that may have
 * run out.
 */
final class PartitionWorker {

	private static final Logger logger = LoggerFactory.getLogger(PartitionWorker.class);

	private static final int SLICE = 100;

	private static final int MANY_DUE = 100;

	// after that a thread is given to others that wait for one of a limited number
	private static final long TURN_NANOS = Duration.ofMillis(100).toNanos();

	// after so many slices a shared executor is given back for others
	private static final int SLICES_PER_RUN = 50;

	private final SubscriptionRuntime subscription;

	private final Lease lease;

	private final LogTail tail;

	private final DeliveryContext context;

	private final Progress progress;

	private final PartitionQueue queue;

	private final SingleTask task;

	private final DueDeliveries due;

	private final HandlerThread handlerThread;

	private final Batch batch;

	// newest position routed here; written by the tail's thread only
	private volatile long routed;

	// there may be events that were not routed
	private volatile boolean rescan = true;

	private volatile boolean stalled;

	private volatile boolean closed;

	private volatile long leaseDeadline;

	// how far the log was read, be it into the batch; written by the running thread only
	private volatile long readUpTo;

	// how many times reading went back to the position; of the running thread
	private volatile int batchDrops;

	// the batch waits for more events until a timer says that it is over
	private volatile boolean batchIsDue;

	private final AtomicBoolean batchTimer = new AtomicBoolean();

	private volatile long restUntil = System.nanoTime();

	// racy on purpose: counted by the running thread or by whom the executor refused
	private volatile int failures;

	// whether there is more to do; of the running thread
	private boolean again;

	// of the running thread
	private long startedAt;

	PartitionWorker(SubscriptionRuntime subscription, Lease lease, ParkedState parked, LogTail tail, Executor executor,
			DeliveryContext context, long leaseDeadline) {
		this.subscription = subscription;
		this.lease = lease;
		this.tail = tail;
		this.context = context;
		this.task = new SingleTask(executor, this::run, this::ranOnce);
		this.progress = new Progress(lease.position());
		this.due = new DueDeliveries(this.progress);
		this.readUpTo = lease.position();
		this.batch = new Batch(subscription.subscriber().batchSize(), subscription.subscriber().batchWait());
		this.handlerThread = new HandlerThread(lease.partition(), context.timers(),
				subscription.timeout(context.settings()));
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

	/** Begins, now that events are routed here. */
	void start() {
		// which may have had nobody to read for
		this.tail.wake();
		nudge();
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
		if (isActive() && isRested() && reserve()) {
			if (caughtUp) {
				// nothing in between is for this worker: it need not look for it
				this.progress.advance(first - 1);
			}
			execute();
		}
	}

	/**
	 * Events up to there could not be routed, though some may be for this worker. Called
	 * by the tail's thread.
	 */
	void missed(long last) {
		this.routed = last;
		nudge();
	}

	/** How many times delivery changes of this worker have been saved. */
	long savedChanges() {
		return this.due.savedChanges();
	}

	/**
	 * Takes in a delivery that is due, unless it is in hand already, or what was read may
	 * be out of date.
	 * @param savedChanges {@link #savedChanges()} from before the delivery was read
	 * @return whether it was taken
	 */
	boolean offer(StoredDelivery delivery, long savedChanges) {
		// else the number of partitions has changed, of which we have not heard yet
		boolean taken = !this.closed && isMine(PartitionId.hash(delivery.event()))
				&& this.due.offer(delivery, savedChanges);
		if (taken) {
			nudge();
		}
		return taken;
	}

	/** Whether all due deliveries that were offered have been taken up. */
	boolean wantsDue() {
		return !this.closed && this.due.isEmpty();
	}

	/** Starts the worker if it has something to do and is not running. */
	void nudge() {
		if (isWaiting() && reserve()) {
			execute();
		}
	}

	/** Whether there is something to do, and it may be done now. */
	boolean isWaiting() {
		return hasWork() && isRested();
	}

	private boolean hasDue() {
		return !this.due.isEmpty() || this.queue.hasReadyKeys();
	}

	private boolean hasWork() {
		return isActive() && (hasDue() || !this.stalled
				&& (this.rescan || this.batchIsDue || this.routed > Math.max(this.readUpTo, this.progress.position())));
	}

	/** Takes the right to run, if so many workers of the subscription may. */
	private boolean reserve() {
		while (this.task.reserve()) {
			if (this.subscription.acquireThread()) {
				return true;
			}
			this.task.unreserve();
			// whoever has given a thread back just now may have seen us reserved
			if (!this.subscription.hasThread() || !isWaiting()) {
				return false;
			}
		}
		return false;
	}

	private boolean isRested() {
		return this.restUntil - System.nanoTime() <= 0;
	}

	/**
	 * Whether everything that was routed here, or lies before that, is done. What waits
	 * in the batch is not, and need not have been routed. Not to be relied on once it is
	 * closed: soon nothing is routed here any more.
	 */
	private boolean isCaughtUp() {
		int drops = this.batchDrops;
		return !this.closed && !this.rescan && !this.stalled
				&& Math.max(this.routed, this.readUpTo) <= this.progress.position() && drops == this.batchDrops;
	}

	private void execute() {
		Throwable refusal = this.task.start();
		if (refusal != null) {
			this.subscription.releaseThread();
			rest(refusal);
		}
	}

	private void run() {
		this.again = true;
		this.startedAt = System.nanoTime();
		try {
			this.again = work();
			this.failures = 0;
		}
		catch (InterruptedException ex) {
			this.again = false;
			dropBatch();
			rest(ex);
			if (!this.closed) {
				// not by us: whoever owns the thread wants to know
				Thread.currentThread().interrupt();
			}
		}
		catch (Throwable ex) {
			this.again = false;
			dropBatch();
			rest(ex);
		}
	}

	/** What was read but is not done will be read again. */
	private void dropBatch() {
		int drops = this.batchDrops + 1;
		this.batchDrops = drops;
		this.batch.take();
		this.rescan = true;
	}

	private void ranOnce() {
		if (this.subscription.releaseThread()) {
			this.subscription.nudgeOthers(this);
		}
		if (this.again || hasWork()) {
			nudge();
		}
	}

	/**
	 * Something went wrong that is not a handler's fault, most likely the store or the
	 * executor: try again after a while.
	 */
	private void rest(Throwable ex) {
		this.rescan = true;
		int failures = this.failures + 1;
		this.failures = failures;
		Duration pause = Duration.ofMillis(Math.min(5_000, 100L << Math.min(6, failures)));
		this.restUntil = System.nanoTime() + pause.toNanos();
		this.context.retryHint().accept(pause);
		boolean expected = this.closed || ex instanceof RejectedExecutionException || ex instanceof LeaseOverException;
		if (failures == 1 && !expected) {
			logger.warn("{} pauses and will try again until it succeeds", partition(), ex);
		}
		else {
			logger.debug("{} pauses for {}", partition(), pause, ex);
		}
	}

	/** Whether to go on at once. */
	private boolean work() throws InterruptedException {
		for (int slices = 0; slices < SLICES_PER_RUN; slices++) {
			workOffDue();
			this.stalled = this.queue.isFull();
			if (!isActive() || this.stalled) {
				dropBatch();
				return false;
			}
			if (hasDue() && mustYield()) {
				break;
			}
			if (this.batch.isEmpty()) {
				this.readUpTo = this.progress.position();
			}
			LogSlice slice = this.tail.after(this.readUpTo, SLICE);
			if (slice.upTo() <= this.readUpTo) {
				// also that of a batch which was full before it was due
				this.batchIsDue = false;
				if (!this.batch.isEmpty() && !isBatchPatient()) {
					if (handleBatch()) {
						this.progress.advance(this.readUpTo);
						continue;
					}
					dropBatch();
					return false;
				}
				// what comes now will be routed, for we were registered before we looked
				this.rescan = false;
				return false;
			}
			if (!handle(slice)) {
				dropBatch();
				return false;
			}
			if (mustYield()) {
				break;
			}
		}
		this.rescan = true;
		return true;
	}

	private void read(long upTo) {
		this.readUpTo = upTo;
		if (this.batch.isEmpty()) {
			this.progress.advance(upTo);
		}
	}

	/**
	 * Reads a slice, to its end unless the thread is needed elsewhere.
	 * @return whether all that was read is done, or in the batch
	 */
	private boolean handle(LogSlice slice) throws InterruptedException {
		boolean some = false;
		for (LogEntry entry : slice.entries()) {
			if (!isMine(entry.hash()) || this.lease.isDone(entry.hash(), entry.position())
					|| !this.subscription.accepts(entry)) {
				continue;
			}
			workOffDue();
			if (!isActive() || this.queue.isFull()) {
				return false;
			}
			if (some && mustYield()) {
				// the batch stays: it may take more than one turn to fill it
				read(entry.position() - 1);
				return true;
			}
			some = true;
			this.batch.add(entry);
			if (this.batch.isFull() && !handleBatch()) {
				return false;
			}
		}
		if (!isActive()) {
			return false;
		}
		read(slice.upTo());
		return true;
	}

	/** Whether all of the batch is handled: the lease may end in the middle of it. */
	private boolean handleBatch() throws InterruptedException {
		return this.queue.handle(this.batch.take());
	}

	/** Whether the batch waits for more events, and a timer for its end. */
	private boolean isBatchPatient() {
		Duration patience = this.batch.patience();
		if (patience.compareTo(Duration.ZERO) <= 0) {
			return false;
		}
		if (this.batchTimer.compareAndSet(false, true)) {
			this.context.timers().in(patience, () -> {
				this.batchTimer.set(false);
				this.batchIsDue = true;
				nudge();
			});
		}
		return true;
	}

	/** Whether others of the subscription have waited long enough for this thread. */
	boolean mustYield() {
		return this.subscription.isLimited() && System.nanoTime() - this.startedAt > TURN_NANOS
				&& this.subscription.hasWaiting(this);
	}

	private boolean isMine(int hash) {
		return PartitionId.of(hash, this.lease.partitions()) == partition().partition();
	}

	/** Handles what is due, as far as the lease and the turn last; some of it always. */
	private void workOffDue() throws InterruptedException {
		this.queue.workOffReadyKeys();
		int handled = 0;
		while (isActive() && (handled == 0 || !mustYield())) {
			StoredDelivery delivery = this.due.poll();
			if (delivery == null) {
				if (handled >= MANY_DUE) {
					// there may be more that did not fit
					this.context.retryHint().accept(Duration.ZERO);
				}
				this.queue.recountIfUnsure();
				return;
			}
			try {
				this.queue.handle(delivery);
			}
			finally {
				this.due.done(delivery);
			}
			this.queue.workOffReadyKeys();
			handled++;
		}
	}

	/** Whether events may be handled; never once the lease may have run out. */
	boolean isActive() {
		return !this.closed && this.leaseDeadline - System.nanoTime() > 0;
	}

	/**
	 * Asks the store whether what was read of it before this call was read while the
	 * partition was ours; if not, the worker is closed. When the number of partitions
	 * changes, deliveries move to other partitions, and that nothing is found means
	 * nothing.
	 */
	boolean isLeaseCurrent() {
		Checkpoint nothing = new Checkpoint(this.lease, 0, List.of());
		boolean current = this.subscription.store().cursors().checkpoint(List.of(nothing)).isEmpty();
		if (!current) {
			close();
		}
		return current;
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
		if (!checkpoint.changes().isEmpty()) {
			this.due.saved();
		}
		this.progress.saved(checkpoint);
		for (DeliveryChange change : checkpoint.changes()) {
			if (change instanceof DeliveryChange.Park park) {
				// not before: until now the store did not know it
				this.context.retryHint().accept(park.retryIn());
			}
		}
	}

	/** Changes of deliveries were saved without the checkpointer. */
	void savedDirectly() {
		this.due.saved();
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

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Whether no thread runs this worker. After {@link #close()} nothing is handled any
	 * more once this was so.
	 */
	boolean isIdle() {
		return this.task.isIdle();
	}

	boolean isRunByCurrentThread() {
		return this.task.isRunByCurrentThread();
	}

	/** Interrupts the handler that is running, if one is. */
	void interrupt() {
		this.handlerThread.interrupt();
	}

}
