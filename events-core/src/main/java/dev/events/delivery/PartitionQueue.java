package dev.events.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.events.AfterDeadLetter;
import dev.events.delivery.HandlerCall.Outcome;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryChange.Failure;
import dev.events.store.DeliveryStatus;
import dev.events.store.EventRecord;
import dev.events.store.KeyQueue;
import dev.events.store.ParkedState;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the events of a partition: handled, parked, queued behind a
 * parked one, given up. Only touched by the thread that runs the worker.
 * <p>
 * Invariants: (1) an event of a blocked key is never handled before everything of that
 * key in front of it is done or dead; (2) a key is blocked from the moment one of its
 * events is parked until the store says that nothing of it is left; (3) each event that
 * the position moves over is done, or has its change in {@link Progress}.
 */
final class PartitionQueue {

	private static final NoArgGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final int QUEUE_PAGE = 100;

	// bounds the memory between two checkpoints
	private static final int MAX_UNSAVED = 1000;

	private final PartitionWorker worker;

	private final SubscriptionRuntime subscription;

	private final Progress progress;

	private final DeliveryContext context;

	private final HandlerThread handlerThread;

	private final FailureLog failureLog;

	private final Set<String> blockedKeys;

	// events of the key below that position are done; kept when the key is no longer
	// blocked, for they may still come again from the log
	private final Map<String, Long> doneBelow;

	private final Set<String> readyKeys;

	private final Set<Long> positionsAhead;

	private long waiting;

	// an operator's retry or release counts in the store, and here only when it is done
	private boolean waitingUnsure;

	// what readyKeys says, for other threads
	private volatile boolean ready;

	PartitionQueue(PartitionWorker worker, ParkedState parked, Progress progress, DeliveryContext context,
			HandlerThread handlerThread) {
		this.worker = worker;
		this.subscription = worker.subscription();
		this.progress = progress;
		this.context = context;
		this.handlerThread = handlerThread;
		this.failureLog = new FailureLog(this.worker.partition());
		this.blockedKeys = new HashSet<>(parked.blockedKeys().keySet());
		this.doneBelow = new HashMap<>(parked.blockedKeys());
		this.readyKeys = new LinkedHashSet<>(parked.readyKeys());
		this.positionsAhead = new HashSet<>(parked.positionsAhead());
		this.waiting = parked.waiting();
		this.ready = !this.readyKeys.isEmpty();
	}

	/** Whether so much is parked that nothing more may be. */
	boolean isFull() {
		return this.waiting >= this.context.settings().maxParked();
	}

	boolean hasReadyKeys() {
		return this.ready;
	}

	/** Counts anew what waits, after operators have changed it. */
	void recountIfUnsure() {
		if (this.waitingUnsure) {
			this.context.saver().save(this.worker);
			this.waiting = this.subscription.store()
				.deliveries()
				.parkedState(this.worker.partition(), this.progress.position())
				.waiting();
			this.waitingUnsure = false;
		}
	}

	/** Handles the next event of the log. */
	void handle(LogEntry entry) throws InterruptedException {
		long position = entry.position();
		EventRecord event = entry.event();
		if (this.positionsAhead.remove(position) || isDone(event.key(), position)) {
			this.progress.advance(position);
		}
		else if (event.key() != null && this.blockedKeys.contains(event.key())) {
			this.waiting++;
			this.progress.advance(position, new DeliveryChange.Queue(IDS.generate(), event, position));
		}
		else {
			Outcome outcome = attempt(entry, 1);
			if (outcome.error() == null) {
				this.progress.advance(position);
			}
			else {
				DeliveryChange change = failed(outcome.error(), outcome.isRetryable(), IDS.generate(), event, position,
						1);
				this.waiting += (change instanceof DeliveryChange.Park) ? 1 : 0;
				this.progress.advance(position, change);
			}
		}
		if (this.progress.unsavedChanges() > MAX_UNSAVED) {
			this.context.saver().save(this.worker);
		}
	}

	/**
	 * Whether the event was handled before the partition was claimed, though the cursor
	 * is behind it: it is in front of everything of its key that is stored.
	 */
	private boolean isDone(@Nullable String key, long position) {
		Long below = (key != null) ? this.doneBelow.get(key) : null;
		if (below != null && position >= below) {
			this.doneBelow.remove(key);
		}
		return below != null && position < below;
	}

	/** Handles a delivery that is due, and then what has waited for it. */
	void handle(StoredDelivery delivery) throws InterruptedException {
		String key = delivery.event().key();
		boolean goOn;
		this.waitingUnsure |= delivery.status() == DeliveryStatus.RELEASED || delivery.attempts() == 0;
		if (delivery.status() == DeliveryStatus.RELEASED) {
			this.progress.add(new DeliveryChange.Release(delivery.position()));
			this.waiting = Math.max(0, this.waiting - 1);
			goOn = true;
		}
		else {
			goOn = retry(delivery);
		}
		if (goOn && key != null) {
			this.blockedKeys.add(key);
			this.readyKeys.add(key);
			this.ready = true;
		}
	}

	/**
	 * Handles everything that waited behind keys with nothing in front of it any more.
	 */
	void workOffReadyKeys() throws InterruptedException {
		while (this.worker.isActive() && !this.readyKeys.isEmpty()) {
			String key = this.readyKeys.iterator().next();
			if (workOff(key)) {
				this.readyKeys.remove(key);
				this.ready = !this.readyKeys.isEmpty();
			}
		}
	}

	/**
	 * Works off a part of what waits behind a key, as far as nothing else of the key lies
	 * in front of it.
	 * @return whether the key is no longer ready: nothing is left that may go on, or
	 * something is parked again
	 */
	private boolean workOff(String key) throws InterruptedException {
		// the store decides, so it must know what we know
		this.context.saver().save(this.worker);
		KeyQueue queue = this.subscription.store().deliveries().queued(this.worker.partition(), key, QUEUE_PAGE);
		if (queue.next().isEmpty()) {
			if (!queue.blocked() && this.worker.isLeaseCurrent()) {
				this.blockedKeys.remove(key);
			}
			return true;
		}
		for (StoredDelivery delivery : queue.next()) {
			if (!this.worker.isActive()) {
				return false;
			}
			if (!retry(delivery)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Makes another attempt.
	 * @return whether what waits behind it may go on
	 */
	private boolean retry(StoredDelivery delivery) throws InterruptedException {
		int attempt = delivery.attempts() + 1;
		long position = delivery.position();
		Outcome outcome = attempt(new LogEntry(new StoredEvent(position, delivery.event())), attempt);
		DeliveryChange change = (outcome.error() == null) ? new DeliveryChange.Complete(position)
				: failed(outcome.error(), outcome.isRetryable(), delivery.id(), delivery.event(), position, attempt);
		if (!(change instanceof DeliveryChange.Park)) {
			this.waiting = Math.max(0, this.waiting - 1);
		}
		this.progress.add(change);
		return change instanceof DeliveryChange.Complete
				|| change instanceof DeliveryChange.Bury bury && !bury.holding();
	}

	private Outcome attempt(LogEntry entry, int attempt) throws InterruptedException {
		long start = System.nanoTime();
		Outcome outcome = this.subscription.call().attempt(entry, attempt, this.handlerThread);
		this.context.counters().handled(this.subscription.id(), System.nanoTime() - start);
		if (outcome.delivered()) {
			this.context.counters().delivered(entry.event().type(), this.subscription.id());
		}
		return outcome;
	}

	private DeliveryChange failed(Throwable error, boolean retryable, UUID id, EventRecord event, long position,
			int attempts) {
		this.context.counters().failed(event.type(), this.subscription.id());
		Failure failure = FailureReport.of(error);
		if (retryable && attempts < this.subscription.retry().maxAttempts()) {
			Duration delay = this.subscription.retry().delayAfter(attempts, ThreadLocalRandom.current());
			block(event.key());
			this.failureLog.attemptFailed(event, attempts, delay, error);
			return new DeliveryChange.Park(id, event, position, attempts, delay, failure);
		}
		this.failureLog.givenUp(event, attempts, error);
		if (!this.subscription.isDurable()) {
			return new DeliveryChange.Complete(position);
		}
		boolean holding = event.key() != null
				&& this.subscription.subscriber().afterDeadLetter() == AfterDeadLetter.HOLD;
		if (holding) {
			block(event.key());
		}
		return new DeliveryChange.Bury(id, event, position, attempts, failure, holding);
	}

	private void block(@Nullable String key) {
		if (key != null) {
			this.blockedKeys.add(key);
		}
	}

}
