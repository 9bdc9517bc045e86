package dev.events.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.events.EventStoreException;
import dev.events.Saga;
import dev.events.SagaInfo.Failure;
import dev.events.SagaInfo.Status;
import dev.events.saga.SettledTime.Settled;
import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due with the sagas of one definition: times out those that run, forgets
 * those that have ended. Whoever does it, the commit lets one do it, and nobody when an
 * event was faster. For one thread at a time.
 * <p>
 * A saga is timed out, or forgotten, only when its subscription has come past all that
 * was in the log at that time: after an outage, or while it is paused, its events may be
 * waiting there.
 * <p>
 * Invariants: a saga stays due until what is due has been done, so none is lost whoever
 * dies; one that fails is put off, so that it does not keep others from being found.
 *
 * @param <S> class of the state
 */
final class SagaDeadlines<S> {

	private static final Logger logger = LoggerFactory.getLogger(SagaDeadlines.class);

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

	private final Saga<S> saga;

	private final SagaSteps<S> steps;

	private final EventStore store;

	private final SettledTime settled;

	private final EndedSagas ended;

	SagaDeadlines(Saga<S> saga, SagaSteps<S> steps, EventStore store) {
		this.saga = saga;
		this.steps = steps;
		this.store = store;
		this.settled = new SettledTime(store, saga.subscription());
		this.ended = new EndedSagas(saga.subscription(), store);
	}

	/**
	 * Does what can be done with sagas that are due.
	 * @return whether that was all of them
	 */
	boolean sweep(List<ProcessRecord> due) {
		Settled settled = this.settled.find();
		List<ProcessRecord> running = new ArrayList<>();
		List<ProcessRecord> over = new ArrayList<>();
		for (ProcessRecord known : due) {
			if (hasCome(known.state().dueAt(), settled.time())) {
				(SagaRecords.status(known).isFinal() ? over : running).add(known);
			}
		}
		running.forEach((known) -> timeOut(known, settled));
		this.ended.forget(over, settled.position());
		return running.size() + over.size() == due.size();
	}

	private static boolean hasCome(@Nullable Instant dueAt, Instant settled) {
		return dueAt == null || !dueAt.isAfter(settled);
	}

	private void timeOut(ProcessRecord known, Settled settled) {
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
			logger.info("Saga '{}' {} has timed out, and its data subject was forgotten: it is deleted as soon as its "
					+ "events cannot come again", this.saga.name(), known.key());
			this.ended.forget(List.of(known), settled.position());
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
		Failure before = data.timeout();
		int attempts = (before != null) ? before.attempts() + 1 : 1;
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
