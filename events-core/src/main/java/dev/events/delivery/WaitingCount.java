package dev.events.delivery;

/**
 * How many stored deliveries of a partition wait for something. Only touched by the
 * thread that runs the worker.
 */
final class WaitingCount {

	private final PartitionWorker worker;

	private final Progress progress;

	private final DeliveryContext context;

	private long waiting;

	// of these, at most what the present replay has left behind
	private long replayed;

	// an operator's retry or release counts in the store, and here only when it is done
	private boolean operated;

	// something may have been counted twice, so there may be fewer
	private boolean tooHigh;

	WaitingCount(PartitionWorker worker, Progress progress, DeliveryContext context, long waiting) {
		this.worker = worker;
		this.progress = progress;
		this.context = context;
		this.waiting = waiting;
	}

	/** One more, that a lane has left behind at a position. */
	void add(Lane lane, long position) {
		this.waiting++;
		this.replayed += lane.isReplay() ? 1 : 0;
		// it may have been stored, and counted, before
		this.tooHigh |= lane.isBehindStored(position);
	}

	/** One more, that waits for a replay and may have been stored before. */
	void addForReplay() {
		this.waiting++;
		this.tooHigh = true;
	}

	void remove() {
		this.waiting = Math.max(0, this.waiting - 1);
		this.replayed = Math.max(0, this.replayed - 1);
	}

	/** Another replay begins, or none. */
	void resetReplayed() {
		this.replayed = 0;
	}

	/**
	 * Whether a replay has left so many behind. Live events that wait for the replay do
	 * not count, so that the two never wait for each other.
	 */
	boolean reachesInReplay(long most) {
		return this.replayed >= most;
	}

	/** An operator may have changed how many there are. */
	void operated() {
		this.operated = true;
	}

	/** Whether there are so many. */
	boolean reaches(long most) {
		if (this.waiting >= most && this.tooHigh) {
			recount();
		}
		return this.waiting >= most;
	}

	/** Counts anew, after operators have changed it. */
	void recountIfOperated() {
		if (this.operated) {
			recount();
		}
	}

	private void recount() {
		this.context.saver().save(this.worker);
		this.waiting = this.worker.subscription()
			.store()
			.deliveries()
			.parkedState(this.worker.partition(), this.progress.position())
			.waiting();
		this.operated = false;
		this.tooHigh = false;
	}

}
