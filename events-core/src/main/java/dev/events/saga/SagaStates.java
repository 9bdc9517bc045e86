package dev.events.saga;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import dev.events.Event;
import dev.events.Saga;
import dev.events.SubjectErasedException;
import dev.events.codec.EventCodec;
import dev.events.store.EventRecord;

/**
 * Writes and reads the states of one definition, the way data of events is written and
 * read: as if each were an event of the type {@code saga.<name>}. So what is marked to be
 * encrypted is encrypted, and who was forgotten cannot be read here either. Thread-safe.
 *
 * @param <S> class of the state
 */
final class SagaStates<S> {

	private static final String VERSION = "1.0.0";

	private static final String SOURCE = "saga";

	private final Saga<S> saga;

	private final EventCodec codec;

	SagaStates(Saga<S> saga, EventCodec codec) {
		this.saga = saga;
		this.codec = codec;
	}

	/** A saga that an event starts, with its first state. */
	SagaData start(Event<?> event, S state) {
		String correlationId = (event.correlationId() != null) ? event.correlationId() : event.id().toString();
		EventRecord sealed = seal(event.id(), correlationId, state);
		return SagaData.of(event.id(), correlationId, event.organization(), this.codec.tree(sealed.data()),
				sealed.metadata());
	}

	/** A copy of a saga with another state. */
	SagaData with(SagaData data, S state) {
		EventRecord sealed = seal(data.id(), data.correlationId(), state);
		return data.withState(this.codec.tree(sealed.data()), sealed.metadata());
	}

	/**
	 * Writes a state.
	 * @throws ForgottenStateException when nobody could read it
	 */
	private EventRecord seal(UUID id, String correlationId, S state) {
		Event<S> event = Event.of(this.saga.subscription(), state)
			.withId(id)
			.withVersion(VERSION)
			.withSource(SOURCE)
			.withCorrelationId(correlationId)
			.withTimestamp(Instant.EPOCH);
		try {
			return this.codec.seal(this.codec.encode(event));
		}
		catch (SubjectErasedException ex) {
			throw new ForgottenStateException(ex);
		}
	}

	/**
	 * The state of a saga.
	 * @throws dev.events.InvalidEventException when it does not fit the class
	 * @throws ForgottenStateException when nobody can read it any more
	 */
	S state(SagaData data) {
		EventRecord record = new EventRecord(data.id(), this.saga.subscription(), VERSION, SOURCE, null, null, null,
				data.correlationId(), null, Instant.EPOCH, data.state().toString(), Map.copyOf(data.metadata()));
		try {
			Object state = this.codec.decode(record, this.saga.stateType()).data();
			return this.saga.stateType().cast(state);
		}
		catch (SubjectErasedException ex) {
			throw new ForgottenStateException(ex);
		}
	}

}
