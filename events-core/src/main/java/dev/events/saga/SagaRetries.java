package dev.events.saga;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.DeadLetter;
import dev.events.DeadLetters;
import dev.events.DeadLetters.Filter;
import dev.events.SagaInfo.Failure;
import dev.events.SagaInfo.Status;
import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import org.jspecify.annotations.Nullable;

/**
 * Has failed sagas try again. Needs no definition: the nodes that have it do the rest.
 * Thread-safe.
 */
final class SagaRetries {

	private static final int PAGE = 500;

	private final EventStore store;

	private final DeadLetters deadLetters;

	SagaRetries(EventStore store, DeadLetters deadLetters) {
		this.store = store;
		this.deadLetters = deadLetters;
	}

	/** See {@link dev.events.Sagas#retry}. */
	boolean retry(String subscription, String key) {
		Optional<ProcessRecord> found = this.store.processes().find(subscription, key);
		if (found.isEmpty() || SagaRecords.status(found.get()) != Status.FAILED) {
			return false;
		}
		ProcessRecord known = found.get();
		SagaData data = SagaData.read(known.state().data());
		Failure failure = data.failure();
		if (failure == null || failure.eventId() == null) {
			return commit(known, Status.FAILED, data, this.store.now());
		}
		UUID deadLetter = find(subscription, failure);
		if (deadLetter != null) {
			return this.deadLetters.retry(deadLetter);
		}
		return commit(known, Status.RUNNING, data.withFailure(null), known.state().dueAt());
	}

	private boolean commit(ProcessRecord known, Status status, SagaData data, @Nullable Instant dueAt) {
		ProcessState next = new ProcessState(status.name(), data.write(), dueAt);
		return this.store.processes()
			.commit(new ProcessChange(known.process(), known.key(), known.version(), next, List.of()))
			.isPresent();
	}

	/** The dead letter of an event. */
	private @Nullable UUID find(String subscription, Failure failure) {
		Filter filter = Filter.all().subscription(subscription).type(failure.eventType());
		String after = null;
		do {
			DeadLetters.Page page = this.deadLetters.list(filter, PAGE, after);
			for (DeadLetter letter : page.deadLetters()) {
				if (letter.event().id().equals(failure.eventId())) {
					return letter.id();
				}
			}
			after = page.next();
		}
		while (after != null);
		return null;
	}

}
