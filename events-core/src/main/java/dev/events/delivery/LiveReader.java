package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.store.Lease;

/**
 * Takes a worker's live events from the log, strictly in order, and gathers them in
 * batches. Only touched by the thread that runs the worker, but for what says otherwise.
 * <p>
 * Invariant: one that neither waits for its batch nor is to look has read everything that
 * was routed, and done what is not in the batch.
 */
final class LiveReader {

	private static final int SLICE = 100;

	private final PartitionWorker worker;

	private final LogTail tail;

	private final DeliveryContext context;

	private final Progress progress;

	private final PartitionQueue queue;

	private final Lane lane;

	private final Batch batch;

	// newest position routed here; written by the tail's thread only
	private volatile long routed;

	// there may be events that were not routed
	private volatile boolean rescan = true;

	// how far the log was read, be it into the batch; written by the running thread only
	private volatile long readUpTo;

	// how many times reading went back to the position; of the running thread
	private volatile int batchDrops;

	// the batch waits for more events until a timer says that it is over
	private volatile boolean batchIsDue;

	private final AtomicBoolean batchTimer = new AtomicBoolean();

	LiveReader(PartitionWorker worker, LogTail tail, DeliveryContext context, Progress progress, PartitionQueue queue,
			Lane lane) {
		this.worker = worker;
		this.tail = tail;
		this.context = context;
		this.progress = progress;
		this.queue = queue;
		this.lane = lane;
		this.readUpTo = worker.lease().position();
		this.batch = new Batch(worker.subscription().subscriber().batchSize(),
				worker.subscription().subscriber().batchWait());
	}

	/** Events up to there are for the worker; by the tail's thread. */
	void routed(long last) {
		this.routed = last;
	}

	/** There may be events that were not routed; by any thread. */
	void lookAgain() {
		this.rescan = true;
	}

	/** Whether there is something to do; for any thread. */
	boolean hasWork() {
		return this.rescan || this.batchIsDue || this.routed > Math.max(this.readUpTo, this.progress.position());
	}

	/**
	 * Whether everything that was routed, or lies before that, is done; for any thread.
	 * What waits in the batch is not, and need not have been routed.
	 */
	boolean isCaughtUp() {
		int drops = this.batchDrops;
		return !this.rescan && Math.max(this.routed, this.readUpTo) <= this.progress.position()
				&& drops == this.batchDrops;
	}

	/** What was read but is not done will be read again. */
	void dropBatch() {
		int drops = this.batchDrops + 1;
		this.batchDrops = drops;
		this.batch.take();
		this.rescan = true;
	}

	/** Handles what comes next, as far as the lease and the turn last. */
	Outcome slice() throws InterruptedException {
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
					return Outcome.MORE;
				}
				dropBatch();
				return Outcome.STOPPED;
			}
			// what comes now will be routed, for we were registered before we looked
			this.rescan = false;
			return Outcome.CAUGHT_UP;
		}
		if (!handle(slice)) {
			dropBatch();
			return Outcome.STOPPED;
		}
		return Outcome.MORE;
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
		Lease lease = this.worker.lease();
		boolean some = false;
		for (LogEntry entry : slice.entries()) {
			if (!this.worker.isMine(entry.hash()) || lease.isDone(entry.hash(), entry.position())
					|| !this.worker.subscription().accepts(entry)) {
				continue;
			}
			this.worker.workOffDue();
			if (!this.worker.isActive() || this.worker.isFull()) {
				return false;
			}
			if (some && this.worker.mustYield()) {
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
		if (!this.worker.isActive()) {
			return false;
		}
		read(slice.upTo());
		return true;
	}

	/** Whether all of the batch is handled: the lease may end in the middle of it. */
	private boolean handleBatch() throws InterruptedException {
		return this.queue.handle(this.lane, this.batch.take());
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
				this.worker.nudge();
			});
		}
		return true;
	}

	/**
	 * What became of a slice.
	 */
	enum Outcome {

		/** There may be more to do. */
		MORE,

		/** Nothing more is there. */
		CAUGHT_UP,

		/** The lease ends, or too much waits. */
		STOPPED

	}

}
