package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.events.AfterDeadLetter;
import dev.events.Event;
import dev.events.InvalidEventException;
import dev.events.NonRetryableEventException;
import dev.events.delivery.HandlerCall.Failed;
import dev.events.store.Checkpoint;
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

	private final Attempts attempts;

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
		this.attempts = new Attempts(worker, progress, context, handlerThread);
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

	/**
	 * Handles the next events of the log, as far as the lease lasts. Several of them are
	 * for a handler that takes batches.
	 * @return whether all of them are handled
	 */
	boolean handle(List<LogEntry> entries) throws InterruptedException {
		int handled = 0;
		while (handled < entries.size() && (handled == 0 || this.worker.isActive())) {
			handled += handleTogether(entries.subList(handled, entries.size()));
		}
		if (this.progress.unsavedChanges() > MAX_UNSAVED) {
			this.context.saver().save(this.worker);
		}
		return handled == entries.size();
	}

	/**
	 * Handles entries up to the first that cannot even be given to the handler.
	 * @return how many are handled
	 */
	private int handleTogether(List<LogEntry> entries) throws InterruptedException {
		List<Step> steps = new ArrayList<>(entries.size());
		for (LogEntry entry : entries) {
			try {
				steps.add(step(entry));
			}
			catch (Failed ex) {
				handleSteps(steps);
				failedAtFirst(entry, ex.error(), isRetryable(ex.error(), 1));
				return steps.size() + 1;
			}
		}
		handleSteps(steps);
		return steps.size();
	}

	/** What is to be done about an entry; nothing is changed yet. */
	private Step step(LogEntry entry) throws InterruptedException, Failed {
		if (isDone(entry)) {
			return new Step(entry, null, null);
		}
		if (isBlocked(entry)) {
			return new Step(entry, new DeliveryChange.Queue(IDS.generate(), entry.event(), entry.position()), null);
		}
		return new Step(entry, null, this.attempts.prepare(entry));
	}

	private void handleSteps(List<Step> steps) throws InterruptedException {
		List<Event<?>> events = new ArrayList<>(steps.size());
		List<DeliveryChange> changes = new ArrayList<>(0);
		long first = 0;
		long last = 0;
		for (Step step : steps) {
			last = step.entry.position();
			if (step.change != null) {
				changes.add(step.change);
			}
			if (step.event != null) {
				first = events.isEmpty() ? last : first;
				events.add(step.event);
			}
		}
		boolean saved = false;
		if (!events.isEmpty()) {
			try {
				saved = this.attempts.attempt(events, 1, first, new Checkpoint(this.worker.lease(), last, changes));
			}
			catch (Failed ex) {
				boolean again = events.size() > 1 || isRetryable(ex.error(), 1);
				for (Step step : steps) {
					if (step.event != null) {
						failedAtFirst(step.entry, ex.error(), again);
					}
					else {
						pass(step, false);
					}
				}
				return;
			}
		}
		for (Step step : steps) {
			pass(step, saved);
		}
		if (saved) {
			this.progress.saved(last);
		}
	}

	/** Moves on over an entry that has not failed. */
	private void pass(Step step, boolean saved) {
		long position = step.entry.position();
		forgetIfDone(step.entry);
		if (step.change == null) {
			this.progress.advance(position);
			return;
		}
		this.waiting++;
		if (saved) {
			this.progress.advance(position);
		}
		else {
			this.progress.advance(position, step.change);
		}
	}

	/**
	 * An event of the log has failed.
	 * @param again whether to try again; always so for several events, because nobody
	 * knows which of them cannot succeed
	 */
	private void failedAtFirst(LogEntry entry, Throwable error, boolean again) {
		forgetIfDone(entry);
		long position = entry.position();
		EventRecord event = entry.event();
		DeliveryChange change;
		if (isBlocked(entry)) {
			// an event of the same key in front of it in the batch has failed with it
			this.context.counters().failed(event.type(), this.subscription.id());
			change = new DeliveryChange.Queue(IDS.generate(), event, position);
			this.waiting++;
		}
		else {
			change = failed(error, again, IDS.generate(), event, position, 1);
			this.waiting += (change instanceof DeliveryChange.Park) ? 1 : 0;
		}
		this.progress.advance(position, change);
	}

	private boolean isBlocked(LogEntry entry) {
		String key = entry.event().key();
		return key != null && this.blockedKeys.contains(key);
	}

	/**
	 * Whether the event was handled or parked before the partition was claimed, though
	 * the cursor is behind it: it is in front of everything of its key that is stored.
	 */
	private boolean isDone(LogEntry entry) {
		String key = entry.event().key();
		Long below = (key != null) ? this.doneBelow.get(key) : null;
		return this.positionsAhead.contains(entry.position()) || below != null && entry.position() < below;
	}

	/** The cursor is past this entry, which will not come from the log again. */
	private void forgetIfDone(LogEntry entry) {
		this.positionsAhead.remove(entry.position());
		String key = entry.event().key();
		if (key != null && !this.doneBelow.isEmpty()) {
			this.doneBelow.computeIfPresent(key, (same, below) -> (entry.position() >= below) ? null : below);
		}
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
	 * Handles everything that waited behind keys with nothing in front of it any more, as
	 * far as the turn lasts.
	 */
	void workOffReadyKeys() throws InterruptedException {
		while (this.worker.isActive() && !this.readyKeys.isEmpty()) {
			String key = this.readyKeys.iterator().next();
			if (workOff(key)) {
				this.readyKeys.remove(key);
				this.ready = !this.readyKeys.isEmpty();
			}
			if (this.worker.mustYield()) {
				return;
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
			if (this.worker.mustYield()) {
				return false;
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
		DeliveryChange change = new DeliveryChange.Complete(position);
		boolean saved = false;
		try {
			Event<?> event = this.attempts.prepare(new LogEntry(new StoredEvent(position, delivery.event())));
			if (event != null) {
				saved = this.attempts.attempt(List.of(event), attempt, position,
						new Checkpoint(this.worker.lease(), 0, List.of(change)));
			}
		}
		catch (Failed ex) {
			change = failed(ex.error(), isRetryable(ex.error(), attempt), delivery.id(), delivery.event(), position,
					attempt);
		}
		if (!(change instanceof DeliveryChange.Park)) {
			this.waiting = Math.max(0, this.waiting - 1);
		}
		if (saved) {
			this.worker.savedDirectly();
		}
		else {
			this.progress.add(change);
		}
		return change instanceof DeliveryChange.Complete
				|| change instanceof DeliveryChange.Bury bury && !bury.holding();
	}

	private boolean isRetryable(Throwable error, int attempts) {
		return attempts < this.subscription.retry().maxAttempts()
				&& !(error instanceof NonRetryableEventException || error instanceof InvalidEventException);
	}

	private DeliveryChange failed(Throwable error, boolean again, UUID id, EventRecord event, long position,
			int attempts) {
		this.context.counters().failed(event.type(), this.subscription.id());
		Failure failure = FailureReport.of(error);
		if (again) {
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

	/**
	 * What is to be done about an entry of the log: something is saved, the handler is
	 * called, or nothing.
	 */
	private record Step(LogEntry entry, @Nullable DeliveryChange change, @Nullable Event<?> event) {

	}

}
