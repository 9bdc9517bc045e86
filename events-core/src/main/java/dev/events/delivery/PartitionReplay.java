package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import org.jspecify.annotations.Nullable;

/**
 * A worker's part in the replay of its subscription, if there is one: beside the live
 * events, in the same thread, so that nothing of a key is handled twice at once.
 * <p>
 * Invariants: (1) only the thread that runs the worker touches the cursor, and takes up
 * or drops a replay between two events; (2) a replay passes over what live delivery has
 * not had yet, for that comes live when the replay is past it; (3) one that is over for
 * this partition stays here until it is over for all, so that it is not begun anew.
 */
final class PartitionReplay {

	private static final int SLICE = 100;

	// live events wait no longer than this, and one call of the handler
	private static final long TURN_NANOS = Duration.ofMillis(25).toNanos();

	private final PartitionWorker worker;

	private final DeliveryContext context;

	private final Progress progress;

	private final PartitionQueue queue;

	private final BlockedKeys keys;

	private final WaitingCount waiting;

	private final Overtaken overtaken;

	// written by whoever knows the store, null when there is none
	private volatile @Nullable Offer offer;

	// written by the running thread
	private volatile @Nullable ReplayCursor cursor;

	private ReplayPace pace = new ReplayPace(0);

	// for other threads: it cannot go on before that
	private volatile long restUntil = System.nanoTime();

	// for other threads: it has nothing more to do here
	private volatile boolean over;

	// for other threads: so much waits that it may not go on
	private volatile boolean full;

	PartitionReplay(PartitionWorker worker, DeliveryContext context, Progress progress, PartitionQueue queue,
			BlockedKeys keys, WaitingCount waiting, @Nullable Offer offer) {
		this.worker = worker;
		this.context = context;
		this.progress = progress;
		this.queue = queue;
		this.keys = keys;
		this.waiting = waiting;
		this.overtaken = new Overtaken(worker, context, progress, keys, waiting);
		this.offer = offer;
	}

	/** A replay that is active, unless it is known. */
	void offer(Offer offer) {
		Offer known = this.offer;
		if (known == null || !known.replay.id().equals(offer.replay.id())) {
			this.offer = offer;
		}
	}

	/** The replay that was offered last is over for good. */
	void withdraw() {
		this.offer = null;
	}

	/** The replay that was offered last, or {@code null}. */
	@Nullable ActiveReplay offered() {
		Offer offer = this.offer;
		return (offer != null) ? offer.replay : null;
	}

	/** Whether the replay that was offered last has nothing more to do here. */
	boolean isOver() {
		ReplayCursor cursor = this.cursor;
		return cursor != null && isOffered(cursor) && this.over;
	}

	/** Whether the worker has to run for it, now. */
	boolean hasWork() {
		ReplayCursor cursor = this.cursor;
		if (!isOffered(cursor)) {
			return true;
		}
		return cursor != null && !this.over && !this.full && cursor.replay().isRunning()
				&& this.restUntil - System.nanoTime() <= 0;
	}

	private boolean isOffered(@Nullable ReplayCursor cursor) {
		Offer offer = this.offer;
		return (offer == null) ? cursor == null : cursor != null && cursor.replay().id().equals(offer.replay.id());
	}

	/** Takes up what is offered, and drops what is withdrawn. */
	void takeUp() {
		ReplayCursor cursor = this.cursor;
		if (isOffered(cursor)) {
			return;
		}
		if (cursor != null) {
			cursor.letAllGoOn();
		}
		Offer offer = this.offer;
		this.progress.replay((offer != null) ? offer.progress : null);
		this.waiting.resetReplayed();
		this.cursor = (offer != null) ? begin(offer) : null;
		this.over = false;
		this.full = false;
		this.restUntil = System.nanoTime();
		if (offer != null) {
			this.pace = new ReplayPace(offer.replay.replay().rate() / this.worker.lease().partitions());
		}
	}

	private ReplayCursor begin(Offer offer) {
		ReplayCursor cursor = new ReplayCursor(offer, this.worker.lease(), this.progress, this.keys);
		try {
			this.overtaken.queue(cursor);
			return cursor;
		}
		catch (RuntimeException ex) {
			// it will be tried again, unless it is withdrawn before that
			cursor.letAllGoOn();
			throw ex;
		}
	}

	/** See {@link ReplayCursor#holdsBack(String, long)}. */
	boolean holdsBack(@Nullable String key, long position) {
		ReplayCursor cursor = this.cursor;
		return cursor != null && key != null && cursor.holdsBack(key, position);
	}

	/** See {@link ReplayCursor#wait(String, long)}. */
	void wait(String key, long position) {
		ReplayCursor cursor = this.cursor;
		if (cursor != null) {
			cursor.wait(key, position);
		}
	}

	/**
	 * Replays some events.
	 * @return whether there is more to do at once
	 */
	boolean slice() throws InterruptedException {
		ReplayCursor cursor = this.cursor;
		if (cursor == null || this.over || !cursor.replay().isRunning()) {
			return false;
		}
		this.full = isFull();
		if (this.full || this.restUntil - System.nanoTime() > 0) {
			return false;
		}
		if (cursor.isAtEnd() || cursor.position() >= this.progress.position() && !isLiveAhead()) {
			end(cursor);
			return false;
		}
		return new Slice(cursor).run();
	}

	private boolean isFull() {
		return this.waiting.reachesInReplay(this.context.settings().maxParked());
	}

	/**
	 * Whether live delivery may have done events behind its position, because the number
	 * of partitions has changed. If not, all that follows comes live.
	 */
	private boolean isLiveAhead() {
		long live = this.progress.position();
		return this.worker.lease()
			.former()
			.stream()
			.anyMatch((former) -> former.positions().stream().anyMatch((position) -> position > live));
	}

	private void end(ReplayCursor cursor) {
		cursor.startReading();
		cursor.advanceOverAll(Math.max(cursor.position(), cursor.replay().replay().upTo()));
		cursor.letAllGoOn();
		this.over = true;
		this.context.replayEnded().run();
	}

	private void rest(Duration duration) {
		this.restUntil = System.nanoTime() + duration.toNanos();
		this.context.timers().in(duration, this.worker::nudge);
	}

	/**
	 * A replay, with the progress of the worker's partition from when nobody else could
	 * have it.
	 */
	record Offer(ActiveReplay replay, ReplayRecord claimed, ReplayProgress progress) {

	}

	/**
	 * One turn of the replay.
	 */
	private final class Slice {

		private final ReplayCursor cursor;

		private final long end = System.nanoTime() + TURN_NANOS;

		private final int batchSize;

		private final long upTo;

		private final long last;

		private final List<LogEntry> batch = new ArrayList<>();

		private int handled;

		Slice(ReplayCursor cursor) {
			this.cursor = cursor;
			this.upTo = cursor.replay().replay().upTo();
			this.last = cursor.replay().last();
			this.batchSize = PartitionReplay.this.pace
				.most(PartitionReplay.this.worker.subscription().subscriber().batchSize());
		}

		/** Whether there is more to do at once. */
		boolean run() throws InterruptedException {
			this.cursor.startReading();
			long read = this.cursor.position();
			while (read < this.last) {
				LogSlice page = this.cursor.replay().after(read);
				for (LogEntry entry : page.entries()) {
					if (!take(entry)) {
						return false;
					}
					if (isOver()) {
						return true;
					}
				}
				read = page.upTo();
				if (this.batch.isEmpty()) {
					this.cursor.advanceOverAll(read);
				}
				if (System.nanoTime() - this.end > 0) {
					break;
				}
			}
			if (!this.batch.isEmpty() && !handleBatch()) {
				return false;
			}
			this.cursor.advanceOverAll((read < this.last) ? read : Math.max(read, this.upTo));
			return true;
		}

		/** Whether the turn is over; only when nothing is left in the batch. */
		private boolean isOver() {
			return this.handled > 0 && this.batch.isEmpty()
					&& (this.handled >= SLICE || PartitionReplay.this.worker.mustYield()
							|| System.nanoTime() - this.end > 0 && PartitionReplay.this.worker.hasLiveEvents());
		}

		private boolean take(LogEntry entry) throws InterruptedException {
			PartitionWorker worker = PartitionReplay.this.worker;
			if (!worker.isMine(entry.hash()) || this.cursor.isDone(entry)) {
				return true;
			}
			if (!worker.subscription().accepts(entry) || comesLive(entry)) {
				this.cursor.passesOver();
				return true;
			}
			this.cursor.takes(entry);
			this.batch.add(entry);
			return this.batch.size() < this.batchSize || handleBatch();
		}

		private boolean comesLive(LogEntry entry) {
			return entry.position() > PartitionReplay.this.progress.position()
					&& !PartitionReplay.this.worker.lease().isDone(entry.hash(), entry.position());
		}

		private boolean handleBatch() throws InterruptedException {
			Duration patience = PartitionReplay.this.pace.patience();
			if (!patience.isNegative() && !patience.isZero()) {
				rest(patience);
				return false;
			}
			PartitionReplay.this.worker.workOffDue();
			if (!PartitionReplay.this.worker.isActive() || !this.cursor.replay().isRunning() || isFull()) {
				return false;
			}
			List<LogEntry> entries = List.copyOf(this.batch);
			this.batch.clear();
			this.handled += entries.size();
			PartitionReplay.this.pace.handled(entries.size());
			return PartitionReplay.this.queue.handle(this.cursor, entries);
		}

	}

}
