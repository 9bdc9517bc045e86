package dev.events.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.events.EventStoreException;
import dev.events.Saga;
import dev.events.SagaInfo.Failure;
import dev.events.SagaInfo.Status;
import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due with the sagas of one definition: times out those that run, forgets
 * those that have ended. Every node looks for them; the commit lets one of them do it,
 * and nobody when an event was faster. For one thread at a time.
 * <p>
 * A saga is timed out only when its subscription has come past all that was in the log at
 * that time: after an outage, or while it is paused, its events may be waiting there.
 * <p>
 * Invariants: a saga stays due until what is due has been done, so none is lost whoever
 * dies; one that fails is put off, so that it does not keep others from being found. One
 * that has ended is not forgotten while a cursor is in front of an event that it has
 * handled: delivered again after a crash, and be that days later, it would begin anew.
 *
 * @param <S> class of the state
 */
final class SagaDeadlines<S> {

	private static final Logger logger = LoggerFactory.getLogger(SagaDeadlines.class);

	private static final int PAGE = 100;

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	// cursors without events move every five seconds
	private static final Duration FORGET_DELAY = Duration.ofSeconds(5);

	private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

	private final Saga<S> saga;

	private final SagaSteps<S> steps;

	private final EventStore store;

	private final SettledTime settled;

	SagaDeadlines(Saga<S> saga, SagaSteps<S> steps, EventStore store) {
		this.saga = saga;
		this.steps = steps;
		this.store = store;
		this.settled = new SettledTime(store, saga.subscription());
	}

	/**
	 * Does what is due now, a page of it.
	 * @return whether there may be more to do now
	 */
	boolean sweep() {
		List<ProcessRecord> due = this.store.processes().due(this.saga.subscription(), PAGE);
		Instant settled = due.isEmpty() ? Instant.MIN : this.settled.find();
		for (ProcessRecord known : due) {
			if (SagaRecords.status(known).isFinal()) {
				forget(known, settled);
			}
			else if (hasCome(known.state().dueAt(), settled)) {
				timeOut(known);
			}
			else {
				// so do those behind it
				return false;
			}
		}
		return due.size() == PAGE;
	}

	private static boolean hasCome(@Nullable Instant dueAt, Instant settled) {
		return dueAt == null || !dueAt.isAfter(settled);
	}

	/**
	 * Forgets a saga, and which events it has handled, or looks again later, ever more
	 * rarely.
	 */
	private void forget(ProcessRecord known, Instant settled) {
		ProcessState next = null;
		if (known.changedAt().isAfter(settled)) {
			Instant dueAt = known.state().dueAt();
			Duration last = (dueAt != null) ? Duration.between(known.changedAt(), dueAt) : FORGET_DELAY;
			Duration delay = last.multipliedBy(2);
			delay = (delay.compareTo(FORGET_DELAY) > 0) ? delay : FORGET_DELAY;
			delay = (delay.compareTo(LONGEST_DELAY) < 0) ? delay : LONGEST_DELAY;
			next = new ProcessState(known.state().status(), known.state().data(), this.store.now().plus(delay));
		}
		this.store.processes()
			.commit(new ProcessChange(known.process(), known.key(), known.version(), next, List.of()));
	}

	private void timeOut(ProcessRecord known) {
		SagaData data;
		try {
			data = SagaData.read(known.state().data());
		}
		catch (IllegalStateException ex) {
			putOff(known, known.state().data(), LONGEST_DELAY);
			return;
		}
		try {
			this.steps.timeOut(known, data);
		}
		catch (EventStoreException ex) {
			// nothing is wrong with the saga
			throw ex;
		}
		catch (ForgottenStateException ex) {
			logger.info("Saga '{}' {} has timed out and is deleted: its data subject was forgotten", this.saga.name(),
					known.key());
			this.store.processes()
				.commit(new ProcessChange(known.process(), known.key(), known.version(), null, List.of()));
		}
		catch (Exception | LinkageError ex) {
			failed(known, data, ex);
		}
		finally {
			// nobody interrupts this thread but the action, which must not end the sweep
			Thread.interrupted();
		}
	}

	private void failed(ProcessRecord known, SagaData data, Throwable error) {
		Failure before = data.failure();
		int attempts = (before != null && SagaSteps.isTimeout(before)) ? before.attempts() + 1 : 1;
		Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(attempts - 1, 20));
		delay = (delay.compareTo(LONGEST_DELAY) < 0) ? delay : LONGEST_DELAY;
		Failure failure = SagaRecords.failure(null, error, attempts, data);
		if (attempts == 1) {
			// without the message, which may quote the state
			logger.warn("The timeout of saga '{}' {} failed with {}; it is tried again until it succeeds",
					this.saga.name(), known.key(), failure.error());
		}
		String noted = data.withFailure(failure).write();
		if (noted.length() <= ProcessState.MAX_DATA) {
			putOff(known, noted, delay);
		}
		else {
			// the state leaves no room for it; what cannot be put off would stop all
			// others
			putOff(known, known.state().data(), LONGEST_DELAY);
		}
	}

	private void putOff(ProcessRecord known, String data, Duration delay) {
		Instant dueAt = this.store.now().plus(delay);
		this.store.processes()
			.commit(new ProcessChange(known.process(), known.key(), known.version(),
					new ProcessState(Status.FAILED.name(), data, dueAt), List.of()));
	}

}
