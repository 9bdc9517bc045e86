package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.Lease;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Serves one partition: takes its events from the log strictly in order, live and in a
 * replay, and what was parked when it is due. At most one thread runs a worker at any
 * time, so a slow handler delays its own partition and nothing else.
 * <p>
 * Invariants: (1) only the thread that runs the worker touches queues and lanes; (2) a
 * worker that is idle, not closed, and neither stalled nor to be rescanned has done all
 * of its events that were routed; (3) nothing is handled under a lease that may have run
 * out.
 */
final class PartitionWorker {

	// after that a thread is given to others that wait for one of a limited number
	private static final long TURN_NANOS = Duration.ofMillis(100).toNanos();

	// after so many slices a shared executor is given back for others
	private static final int SLICES_PER_RUN = 50;

	private final SubscriptionRuntime subscription;

	private final Lease lease;

	private final LogTail tail;

	private final DeliveryContext context;

	private final Progress progress;

	private final WaitingCount waiting;

	private final BlockedKeys keys;

	private final WorkerRest rest;

	private final AheadOfLive ahead;

	private final StoredQueue stored;

	private final LiveReader live;

	private final PartitionReplay replay;

	private final SingleTask task;

	private final DueDeliveries due;

	private final HandlerThread handlerThread;

	private volatile boolean stalled;

	private volatile boolean closed;

	private volatile long leaseDeadline;

	// whether there is more to do; of the running thread
	private boolean again;

	// of the running thread
	private long startedAt;

	PartitionWorker(SubscriptionRuntime subscription, Lease lease, ParkedState parked,
			PartitionReplay.@Nullable Offer replay, LogTail tail, Executor executor, DeliveryContext context,
			long leaseDeadline) {
		this.subscription = subscription;
		this.lease = lease;
		this.tail = tail;
		this.context = context;
		this.leaseDeadline = leaseDeadline;
		this.task = new SingleTask(executor, this::run, this::ranOnce);
		this.progress = new Progress(lease.position());
		this.due = new DueDeliveries(this.progress);
		this.handlerThread = new HandlerThread(lease.partition(), context.timers(),
				subscription.timeout(context.settings()));
		this.rest = new WorkerRest(lease.partition());
		this.keys = new BlockedKeys(parked);
		this.waiting = new WaitingCount(this, this.progress, context, parked.waiting());
		Attempts attempts = new Attempts(this, this.progress, context, this.handlerThread);
		FailedAttempts failures = new FailedAttempts(this, this.progress, context, this.keys);
		PartitionQueue queue = new PartitionQueue(this, this.progress, context, attempts, this.keys, this.waiting,
				failures);
		this.replay = new PartitionReplay(this, context, this.progress, queue, this.keys, this.waiting, replay);
		this.ahead = new AheadOfLive(lease, this::reached, this.keys);
		this.stored = new StoredQueue(this, this.progress, context, this.due, attempts, this.keys, this.waiting,
				failures, this.replay, this.ahead);
		LiveLane lane = new LiveLane(lease, this.progress, this.replay, parked.positionsAhead());
		this.live = new LiveReader(this, tail, context, this.progress, queue, lane);
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

	/** The replay of the subscription in this partition. */
	PartitionReplay replay() {
		return this.replay;
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
		this.live.routed(last);
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
		this.live.routed(last);
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
		return !this.due.isEmpty() || this.keys.hasReady() || this.ahead.hasPassed();
	}

	private boolean hasWork() {
		return isActive() && (hasDue() || hasLiveEvents() || this.replay.hasWork());
	}

	/** Whether there are live events that can be handled. */
	boolean hasLiveEvents() {
		return !this.stalled && this.live.hasWork();
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
		return this.rest.isOver();
	}

	/**
	 * Whether everything that was routed here, or lies before that, is done. Not to be
	 * relied on once it is closed: soon nothing is routed here any more.
	 */
	private boolean isCaughtUp() {
		return !this.closed && !this.stalled && this.live.isCaughtUp();
	}

	private void execute() {
		Throwable refusal = this.task.start();
		if (refusal != null && this.closed) {
			giveThreadBack();
		}
		else if (refusal != null) {
			this.subscription.releaseThread();
			rest(refusal);
		}
	}

	private void run() {
		this.again = true;
		this.startedAt = System.nanoTime();
		try {
			this.again = work();
			this.rest.forget();
		}
		catch (InterruptedException ex) {
			this.again = false;
			this.live.dropBatch();
			rest(ex);
			if (!this.closed) {
				// not by us: whoever owns the thread wants to know
				Thread.currentThread().interrupt();
			}
		}
		catch (Throwable ex) {
			this.again = false;
			this.live.dropBatch();
			rest(ex);
		}
	}

	private void ranOnce() {
		giveThreadBack();
		if (this.again || hasWork()) {
			nudge();
		}
	}

	private void giveThreadBack() {
		if (this.subscription.releaseThread()) {
			this.subscription.nudgeOthers(this);
		}
	}

	/** Something went wrong: try again after a while. */
	private void rest(Throwable ex) {
		this.live.lookAgain();
		this.context.retryHint().accept(this.rest.begin(ex, this.closed));
	}

	/** Whether to go on at once. */
	private boolean work() throws InterruptedException {
		for (int slices = 0; slices < SLICES_PER_RUN; slices++) {
			// before anything is handled that it may hold back
			this.replay.takeUp();
			workOffDue();
			this.stalled = isFull();
			if (!isActive() || this.stalled) {
				this.live.dropBatch();
			}
			if (!isActive()) {
				return false;
			}
			if (hasDue() && mustYield()) {
				break;
			}
			LiveReader.Outcome outcome = this.stalled ? LiveReader.Outcome.CAUGHT_UP : this.live.slice();
			boolean more = outcome == LiveReader.Outcome.MORE;
			if (isActive() && !mustYield()) {
				more |= this.replay.slice();
			}
			if (!more) {
				return false;
			}
			if (mustYield()) {
				break;
			}
		}
		this.live.lookAgain();
		return true;
	}

	/** Whether others of the subscription have waited long enough for this thread. */
	boolean mustYield() {
		return this.subscription.isLimited() && System.nanoTime() - this.startedAt > TURN_NANOS
				&& this.subscription.hasWaiting(this);
	}

	/** Whether so much is parked that no more live events may be taken. */
	boolean isFull() {
		return !this.ahead.isWaiting() && this.waiting.reaches(this.context.settings().maxParked());
	}

	/** Whether an event belongs to this partition. */
	boolean isMine(int hash) {
		return PartitionId.of(hash, this.lease.partitions()) == partition().partition();
	}

	/** See {@link StoredQueue#workOffDue()}. */
	void workOffDue() throws InterruptedException {
		this.stored.workOffDue();
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
		return this.progress.checkpoint(this.lease, passedOverToo ? passedOver() : 0);
	}

	/** How far the log has gone on without an event for this worker, or 0. */
	private long passedOver() {
		// read first: what is routed later may not be done yet
		long routedToAll = this.tail.routed();
		return isCaughtUp() ? routedToAll : 0;
	}

	/** Up to here everything has come live. */
	private long reached() {
		return Math.max(this.progress.position(), passedOver());
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

	/**
	 * What could be done now and is not done yet, for people, or {@code null}. What waits
	 * for its time is not.
	 */
	@Nullable String pending() {
		if (!this.task.isIdle()) {
			return "a handler is running, or waits for a thread";
		}
		if (this.closed || this.stalled) {
			return null;
		}
		if (this.progress.unsavedChanges() > 0 || this.progress.position() > this.progress.savedPosition()) {
			return "what was done is not saved yet";
		}
		if (hasDue()) {
			return "deliveries are due";
		}
		if (!isCaughtUp()) {
			return "there are events to deliver, after position " + this.progress.position();
		}
		return this.replay.hasWork() ? "a replay is running" : null;
	}

	boolean isStalled() {
		return this.stalled;
	}

	/**
	 * Takes nothing more; a handler that is running goes on. A run that has not begun
	 * never does, so nobody has to wait until a busy executor comes to it. That loses
	 * nothing: what a run would do is decided when it begins, until then the events are
	 * beyond the cursor, and the due deliveries in the store, for whoever is next to have
	 * the partition.
	 */
	void close() {
		this.closed = true;
		if (this.task.close()) {
			giveThreadBack();
		}
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
