package dev.events.delivery;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.events.Event;
import dev.events.delivery.HandlerCall.Failed;
import dev.events.encryption.EventEncryption;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the events that a partition takes from the log: handled,
 * parked, queued behind a parked one, given up. Only touched by the thread that runs the
 * worker.
 * <p>
 * Invariants: (1) an event is never handled before everything of its key in front of it,
 * in the log or in a replay that has begun, is done or dead; (2) a key is blocked from
 * the moment one of its events is parked until the store says that nothing of it is left;
 * (3) each event that a lane moves over is done, or has its change in {@link Progress}.
 */
final class PartitionQueue {

	private static final NoArgGenerator IDS = Generators.timeBasedEpochGenerator();

	// bounds the memory between two checkpoints
	private static final int MAX_UNSAVED = 1000;

	private final PartitionWorker worker;

	private final Progress progress;

	private final DeliveryContext context;

	private final Attempts attempts;

	private final BlockedKeys keys;

	private final WaitingCount waiting;

	private final FailedAttempts failures;

	PartitionQueue(PartitionWorker worker, Progress progress, DeliveryContext context, Attempts attempts,
			BlockedKeys keys, WaitingCount waiting, FailedAttempts failures) {
		this.worker = worker;
		this.progress = progress;
		this.context = context;
		this.attempts = attempts;
		this.keys = keys;
		this.waiting = waiting;
		this.failures = failures;
	}

	/**
	 * Handles the next events of a lane, as far as the lease lasts. Several of them are
	 * for a handler that takes batches.
	 * @return whether all of them are handled
	 */
	boolean handle(Lane lane, List<LogEntry> entries) throws InterruptedException {
		int handled = 0;
		while (handled < entries.size() && (handled == 0 || this.worker.isActive())) {
			handled += handleTogether(lane, entries.subList(handled, entries.size()));
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
	private int handleTogether(Lane lane, List<LogEntry> entries) throws InterruptedException {
		List<Step> steps = new ArrayList<>(entries.size());
		for (LogEntry entry : entries) {
			try {
				steps.add(step(lane, entry));
			}
			catch (Failed ex) {
				handleSteps(lane, steps);
				failedAtFirst(lane, entry, ex.error(), this.failures.isRetryable(ex.error(), 1), isQuotable(entry));
				return steps.size() + 1;
			}
		}
		handleSteps(lane, steps);
		return steps.size();
	}

	/** What is to be done about an entry; nothing is changed yet. */
	private Step step(Lane lane, LogEntry entry) throws InterruptedException, Failed {
		if (this.keys.isBlocked(entry.event().key(), entry.position())) {
			return new Step(entry, queue(lane, entry), false, null);
		}
		if (lane.holdsBack(entry)) {
			return new Step(entry, queue(lane, entry), true, null);
		}
		return new Step(entry, null, false, this.attempts.prepare(entry));
	}

	private static DeliveryChange queue(Lane lane, LogEntry entry) {
		return new DeliveryChange.Queue(IDS.generate(), entry.event(), entry.position(), lane.isReplay());
	}

	private void handleSteps(Lane lane, List<Step> steps) throws InterruptedException {
		List<Event<?>> events = new ArrayList<>(steps.size());
		List<Long> positions = new ArrayList<>(steps.size());
		List<DeliveryChange> changes = new ArrayList<>(0);
		long last = 0;
		for (Step step : steps) {
			last = step.entry.position();
			if (step.change != null) {
				changes.add(step.change);
			}
			if (step.event != null) {
				events.add(step.event);
				positions.add(last);
			}
		}
		boolean saved = false;
		Checkpoint done = lane.done(last, changes);
		if (!events.isEmpty()) {
			try {
				saved = this.attempts.attempt(new Handover(events, positions, false),
						AttemptId.first(positions.get(0), done), lane.isReplay(), done);
			}
			catch (Failed ex) {
				boolean again = events.size() > 1 || this.failures.isRetryable(ex.error(), 1);
				boolean quotable = steps.stream().allMatch((step) -> step.event == null || isQuotable(step.entry));
				for (Step step : steps) {
					if (step.event != null) {
						failedAtFirst(lane, step.entry, ex.error(), again, quotable);
					}
					else {
						pass(lane, step, false);
					}
				}
				return;
			}
		}
		for (Step step : steps) {
			pass(lane, step, saved);
		}
		if (saved) {
			this.progress.savedDirectly(done);
		}
	}

	private static boolean isQuotable(LogEntry entry) {
		return !EventEncryption.isEncrypted(entry.event());
	}

	/** Moves on over an entry that has not failed. */
	private void pass(Lane lane, Step step, boolean saved) {
		if (step.change == null) {
			lane.advance(step.entry.position());
			return;
		}
		queued(lane, step.entry);
		if (saved) {
			lane.advance(step.entry.position());
		}
		else {
			lane.advance(step.entry.position(), step.change);
		}
		String key = step.entry.event().key();
		if (step.heldBack && key != null) {
			lane.wait(key, step.entry.position());
		}
	}

	private void queued(Lane lane, LogEntry entry) {
		long position = entry.position();
		String key = entry.event().key();
		this.waiting.add(lane, position);
		if (key != null) {
			this.keys.queued(key, position, lane.isBehindStored(position));
		}
	}

	/**
	 * An event of the log has failed.
	 * @param again whether to try again; always so for several events, because nobody
	 * knows which of them cannot succeed
	 * @param quotable whether none of the events that have failed together is encrypted
	 */
	private void failedAtFirst(Lane lane, LogEntry entry, Throwable error, boolean again, boolean quotable) {
		long position = entry.position();
		DeliveryChange change;
		if (this.keys.isBlocked(entry.event().key(), position)) {
			// an event of the same key in front of it in the batch has failed with it
			this.failures.count(entry.event(), lane.isReplay());
			change = queue(lane, entry);
			queued(lane, entry);
		}
		else {
			change = this.failures.outcome(error, again, IDS.generate(), entry.event(), position, 1, lane.isReplay(),
					quotable);
			if (change instanceof DeliveryChange.Park) {
				this.waiting.add(lane, position);
			}
		}
		lane.advance(position, change);
	}

	/**
	 * What is to be done about an entry of the log: something is saved, perhaps because
	 * the lane holds it back, or the handler is called, or nothing.
	 */
	private record Step(LogEntry entry, @Nullable DeliveryChange change, boolean heldBack, @Nullable Event<?> event) {

	}

}
