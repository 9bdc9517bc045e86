package dev.events.delivery;

import java.time.Duration;
import java.util.List;

import dev.events.Event;
import dev.events.delivery.HandlerCall.Failed;
import dev.events.encryption.EventEncryption;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryStatus;
import dev.events.store.KeyQueue;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;

/**
 * Handles the stored deliveries of a partition: what is due, and what is queued behind a
 * key that goes on. Only touched by the thread that runs the worker.
 * <p>
 * Invariant: a delivery is handled only when nothing of its key is stored in front of it,
 * and neither a replay nor live delivery, which may have been rewound, has something of
 * its key to come in front of it.
 */
final class StoredQueue {

	private static final int QUEUE_PAGE = 100;

	private static final int MANY_DUE = 100;

	private final PartitionWorker worker;

	private final SubscriptionRuntime subscription;

	private final Progress progress;

	private final DeliveryContext context;

	private final DueDeliveries due;

	private final Attempts attempts;

	private final BlockedKeys keys;

	private final WaitingCount waiting;

	private final FailedAttempts failures;

	private final PartitionReplay replay;

	private final AheadOfLive ahead;

	StoredQueue(PartitionWorker worker, Progress progress, DeliveryContext context, DueDeliveries due,
			Attempts attempts, BlockedKeys keys, WaitingCount waiting, FailedAttempts failures, PartitionReplay replay,
			AheadOfLive ahead) {
		this.worker = worker;
		this.subscription = worker.subscription();
		this.progress = progress;
		this.context = context;
		this.due = due;
		this.attempts = attempts;
		this.keys = keys;
		this.waiting = waiting;
		this.failures = failures;
		this.replay = replay;
		this.ahead = ahead;
	}

	/** Handles what is due, as far as the lease and the turn last; some of it always. */
	void workOffDue() throws InterruptedException {
		this.ahead.goOn();
		workOffReadyKeys();
		int handled = 0;
		while (this.worker.isActive() && (handled == 0 || !this.worker.mustYield())) {
			StoredDelivery delivery = this.due.poll();
			if (delivery == null) {
				if (handled >= MANY_DUE) {
					// there may be more that did not fit
					this.context.retryHint().accept(Duration.ZERO);
				}
				this.waiting.recountIfOperated();
				return;
			}
			try {
				handle(delivery);
			}
			finally {
				this.due.done(delivery);
			}
			workOffReadyKeys();
			handled++;
		}
	}

	/** Handles a delivery that is due, and then what has waited for it. */
	private void handle(StoredDelivery delivery) throws InterruptedException {
		String key = delivery.event().key();
		long position = delivery.position();
		if (delivery.status() == DeliveryStatus.RELEASED || delivery.attempts() == 0) {
			this.waiting.operated();
		}
		if (delivery.status() == DeliveryStatus.RELEASED) {
			this.progress.add(new DeliveryChange.Release(position));
			this.waiting.remove();
			this.keys.goOn(key);
		}
		else if (key != null && this.replay.holdsBack(key, position)) {
			// it must not be read as due again and again, in front of what can be done
			this.progress.add(new DeliveryChange.Defer(position));
			this.keys.stored(key, position);
			this.replay.wait(key, position);
		}
		else if (key != null && this.ahead.holdsBack(delivery)) {
			this.progress.add(new DeliveryChange.Defer(position));
			this.keys.stored(key, position);
			this.ahead.wait(key, position);
		}
		else if (this.keys.isBehind(key, position)) {
			// stored by a replay since this one was read as the first of its key
			this.progress.add(new DeliveryChange.Defer(position));
		}
		else if (retry(delivery)) {
			this.keys.goOn(key);
		}
	}

	/**
	 * Handles everything that waited behind keys with nothing in front of it any more, as
	 * far as the turn lasts.
	 */
	private void workOffReadyKeys() throws InterruptedException {
		String key = this.keys.nextReady();
		while (key != null && this.worker.isActive()) {
			if (workOff(key)) {
				this.keys.notReady(key);
			}
			if (this.worker.mustYield()) {
				return;
			}
			key = this.keys.nextReady();
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
			if (queue.blocked()) {
				this.keys.blockedSomewhere(key);
			}
			else if (this.worker.isLeaseCurrent()) {
				this.keys.unblock(key);
			}
			return true;
		}
		for (StoredDelivery delivery : queue.next()) {
			if (!this.worker.isActive()) {
				return false;
			}
			this.keys.block(key, delivery.position());
			if (this.replay.holdsBack(key, delivery.position())) {
				this.replay.wait(key, delivery.position());
				return true;
			}
			if (this.ahead.holdsBack(delivery)) {
				this.ahead.wait(key, delivery.position());
				return true;
			}
			if (!retry(delivery)) {
				return true;
			}
			this.keys.goOn(key);
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
				Handover handover = new Handover(List.of(event), List.of(position), true);
				saved = this.attempts.attempt(handover, AttemptId.next(delivery), delivery.replay(),
						new Checkpoint(this.worker.lease(), 0, List.of(change)));
			}
		}
		catch (Failed ex) {
			change = this.failures.outcome(ex.error(), this.failures.isRetryable(ex.error(), attempt), delivery.id(),
					delivery.event(), position, attempt, delivery.replay(),
					!EventEncryption.isEncrypted(delivery.event()));
		}
		if (!(change instanceof DeliveryChange.Park)) {
			this.waiting.remove();
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

}
