package dev.events.saga;

import java.util.Optional;

import dev.events.EventException;
import dev.events.EventStoreException;
import dev.events.Saga;
import dev.events.SubjectErasedException;
import dev.events.store.EventStore;
import dev.events.store.ProcessRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compensates sagas of one definition because an operator wants it. Thread-safe.
 *
 * @param <S> class of the state
 */
final class SagaCompensations<S> {

	private static final Logger logger = LoggerFactory.getLogger(SagaCompensations.class);

	// of those who meet at a saga one goes on each time, so this is more than can meet
	private static final int TURNS = 50;

	private final Saga<S> saga;

	private final SagaSteps<S> steps;

	private final EventStore store;

	private final SagaQueue queue;

	SagaCompensations(Saga<S> saga, SagaSteps<S> steps, EventStore store, SagaQueue queue) {
		this.saga = saga;
		this.steps = steps;
		this.store = store;
		this.queue = queue;
	}

	/** See {@link dev.events.Sagas#compensate}. */
	boolean compensate(String key, String reason) {
		for (int turn = 1; turn <= TURNS; turn++) {
			Outcome outcome = attempt(key, reason);
			if (outcome == Outcome.DONE) {
				// without the reason, which may say more than a log should
				logger.info("Saga '{}' {} was compensated by hand", this.saga.name(), key);
			}
			if (outcome != Outcome.CHANGED) {
				return outcome == Outcome.DONE;
			}
		}
		throw new EventException("Saga '" + this.saga.name() + "' " + key + " was changed by others each of " + TURNS
				+ " times that it was to be compensated");
	}

	private Outcome attempt(String key, String reason) {
		try {
			return this.queue.run(key, () -> attemptAlone(key, reason));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new EventException("Interrupted while waiting for saga '" + this.saga.name() + "' " + key, ex);
		}
		catch (EventStoreException | SubjectErasedException ex) {
			throw ex;
		}
		catch (ForgottenStateException ex) {
			throw new SubjectErasedException("Saga '" + this.saga.name() + "' " + key
					+ " was not compensated: its data subject was forgotten, so nobody can read its state any more");
		}
		catch (Exception ex) {
			// without its message, which may quote the state
			throw new EventException("Saga '" + this.saga.name() + "' " + key
					+ " was not compensated, for that failed with " + ex.getClass().getName(), ex);
		}
	}

	private Outcome attemptAlone(String key, String reason) throws Exception {
		Optional<ProcessRecord> known = this.store.processes().find(this.saga.subscription(), key);
		if (known.isEmpty() || SagaRecords.status(known.get()).isFinal()) {
			return Outcome.REFUSED;
		}
		SagaData data = SagaData.read(known.get().state().data());
		return this.steps.compensate(known.get(), data, reason) ? Outcome.DONE : Outcome.CHANGED;
	}

	private enum Outcome {

		DONE, REFUSED, CHANGED

	}

}
