package dev.events.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.events.Event;
import dev.events.Saga;
import dev.events.SagaAction;
import dev.events.SagaInfo.Failure;
import dev.events.SagaInfo.Status;
import dev.events.delivery.PartitionDelivery;
import dev.events.publish.PublishPipeline;
import dev.events.store.EventStore;
import dev.events.store.OpenDelivery;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import org.jspecify.annotations.Nullable;

/**
 * Makes steps of the sagas of one definition. A step is made from what was read of the
 * saga, and takes effect in one commit that is done only if the saga is still so: its
 * state, its deadline, that the event was handled, and the events it publishes.
 * Thread-safe.
 * <p>
 * Invariant: a step because of an event is made only while the delivery of the event is
 * open. A node that has slept through the whole life of a saga would start it again: one
 * that was forgotten looks like one that never was.
 *
 * @param <S> class of the state
 */
final class SagaSteps<S> {

	private static final int MAX_REASON = 500;

	private final Saga<S> saga;

	private final String process;

	private final SagaStates<S> states;

	private final EventStore store;

	private final PublishPipeline pipeline;

	private final String source;

	private final SagaCounters counters;

	SagaSteps(Saga<S> saga, SagaStates<S> states, EventStore store, PublishPipeline pipeline, String source,
			SagaCounters counters) {
		this.saga = saga;
		this.process = saga.subscription();
		this.states = states;
		this.store = store;
		this.pipeline = pipeline;
		this.source = source;
		this.counters = counters;
	}

	/**
	 * Starts a saga that does not exist.
	 * @return whether it was started; not when it exists by now
	 */
	boolean start(String key, Event<Object> event, PartitionDelivery delivery, Saga.Step<S> step) throws Exception {
		String correlationId = (event.correlationId() != null) ? event.correlationId() : event.id().toString();
		SagaTurn turn = new SagaTurn(key, correlationId, null, event.organization(), List.of());
		S state = required(required(step.start()).start(event, turn));
		SagaData data = this.states.start(event, state).withHandled(event.id(), position(delivery));
		if (turn.compensation() == null) {
			data = data.withStep(event.type());
		}
		if (!turn.isTimeoutChanged() && this.saga.timeout() != null) {
			turn.timeoutIn(this.saga.timeout());
		}
		boolean done = commit(key, ProcessChange.NOT_THERE, finished(data, state, turn, false), null, turn,
				delivery.open());
		if (done) {
			this.counters.started.increment();
		}
		return done;
	}

	/**
	 * Makes a step of a saga that has not ended, because of an event.
	 * @return whether it was made; not when the saga has changed meanwhile
	 */
	boolean handle(ProcessRecord known, SagaData data, Event<Object> event, PartitionDelivery delivery,
			Saga.Step<S> step) throws Exception {
		SagaTurn turn = turn(known, data, event);
		S state = required(required(step.handler()).handle(this.states.state(data), event, turn));
		SagaData next = data.withHandled(event.id(), position(delivery));
		if (turn.compensation() == null) {
			next = next.withStep(event.type());
		}
		if (turn.isTimeoutChanged()) {
			next = next.withoutTimeout();
		}
		return commit(known.key(), known.version(), finished(next, state, turn, step.ends()), known.state().dueAt(),
				turn, delivery.open());
	}

	/**
	 * Takes back what an event says has been done although the saga was compensated
	 * before it came: makes the step, but without what it would go on with, and
	 * compensates it.
	 * @return whether that was done; not when the saga has changed meanwhile
	 */
	boolean takeBack(ProcessRecord known, SagaData data, Event<Object> event, PartitionDelivery delivery,
			Saga.Step<S> step) throws Exception {
		SagaTurn made = turn(known, data, event);
		S state = required(required(step.handler()).handle(this.states.state(data), event, made));
		SagaTurn turn = turn(known, data, event);
		state = required(required(step.compensation()).run(state, turn));
		SagaData next = this.states.with(data, state).withHandled(event.id(), position(delivery));
		return store(known.key(), known.version(), Status.COMPENSATED, next, known.state().dueAt(), turn,
				delivery.open());
	}

	/**
	 * Does what is to be done with a saga whose time is over.
	 * @return whether it was done; not when the saga has changed meanwhile
	 */
	boolean timeOut(ProcessRecord known, SagaData data) throws Exception {
		SagaTurn turn = turn(known, data);
		S state = required(this.saga.onTimeout().run(this.states.state(data), turn));
		Turned turned = finished(data.withoutTimeout(), state, turn, false);
		boolean done = commit(known.key(), known.version(), turned, null, turn, null);
		if (done) {
			this.counters.timeouts.increment();
		}
		return done;
	}

	/**
	 * Compensates a saga that has not ended because somebody wants it.
	 * @return whether it was done; not when the saga has changed meanwhile
	 */
	boolean compensate(ProcessRecord known, SagaData data, String reason) throws Exception {
		SagaTurn turn = turn(known, data);
		turn.compensate(reason);
		Turned turned = finished(data, this.states.state(data), turn, false);
		return commit(known.key(), known.version(), turned, null, turn, null);
	}

	private static long position(PartitionDelivery delivery) {
		return delivery.positions().get(0);
	}

	/** Because of an event. What is of no organization goes on in that of the saga. */
	private static SagaTurn turn(ProcessRecord known, SagaData data, Event<?> event) {
		String organization = (event.organization() != null) ? event.organization() : data.organization();
		return new SagaTurn(known.key(), data.correlationId(), null, organization, data.steps());
	}

	/** Without an event. */
	private static SagaTurn turn(ProcessRecord known, SagaData data) {
		return new SagaTurn(known.key(), data.correlationId(), data.id().toString(), data.organization(), data.steps());
	}

	/**
	 * With the compensations, if the step wants that, and the state that is left then.
	 */
	private Turned finished(SagaData data, S stateOfStep, SagaTurn turn, boolean ends) throws Exception {
		S state = stateOfStep;
		String reason = turn.compensation();
		if (reason == null) {
			if (ends) {
				turn.complete();
			}
			return new Turned(this.states.with(data, state), turn.isComplete() ? Status.COMPLETED : null);
		}
		for (int i = data.steps().size() - 1; i >= 0; i--) {
			SagaAction<S> compensation = compensation(data.steps().get(i));
			if (compensation != null) {
				state = required(compensation.run(state, turn));
			}
		}
		return new Turned(this.states.with(data, state).withReason(trim(reason)), Status.COMPENSATED);
	}

	private @Nullable SagaAction<S> compensation(String completed) {
		Saga.Step<S> step = this.saga.steps().get(completed);
		if (step == null) {
			// passing over it would leave something done that ought to be taken back
			throw new IllegalStateException("Saga '" + this.saga.name() + "' has no step for '" + completed
					+ "' any more, so what was done in it cannot be taken back; add the step again");
		}
		return step.compensation();
	}

	private boolean commit(String key, long expected, Turned turned, @Nullable Instant formerDueAt, SagaTurn turn,
			@Nullable OpenDelivery delivery) {
		Status status = turned.status;
		SagaData data = (status != null) ? turned.data.withFailures(List.of()) : turned.data;
		Instant dueAt = formerDueAt;
		if (status != null) {
			dueAt = this.store.now().plus(this.saga.retention());
		}
		else {
			status = data.failures().isEmpty() ? Status.RUNNING : Status.FAILED;
			if (turn.isTimeoutChanged()) {
				Duration timeout = turn.timeout();
				dueAt = (timeout != null) ? this.store.now().plus(timeout) : null;
			}
		}
		boolean done = store(key, expected, status, data, dueAt, turn, delivery);
		if (done) {
			this.counters.ended(status);
		}
		return done;
	}

	private boolean store(String key, long expected, Status status, SagaData data, @Nullable Instant dueAt,
			SagaTurn turn, @Nullable OpenDelivery delivery) {
		ProcessState next = new ProcessState(status.name(), data.write(), dueAt);
		boolean done = this.pipeline.publishWith(turn.published(), this.source, () -> isStill(key, expected),
				(records) -> this.store.processes()
					.commit(new ProcessChange(this.process, key, expected, next, records, delivery)));
		if (!done) {
			this.counters.conflicts.increment();
		}
		return done;
	}

	/** Asked before synchronous subscribers are called for what may come to nothing. */
	private boolean isStill(String key, long expected) {
		long version = this.store.processes()
			.find(this.process, key)
			.map(ProcessRecord::version)
			.orElse(ProcessChange.NOT_THERE);
		return version == expected;
	}

	/** Notes a failure, unless the saga has changed meanwhile. */
	void fail(ProcessRecord known, SagaData data, Failure failure, @Nullable Instant dueAt) {
		ProcessState next = new ProcessState(Status.FAILED.name(), data.withFailure(failure).write(), dueAt);
		this.store.processes().commit(new ProcessChange(this.process, known.key(), known.version(), next, List.of()));
	}

	/** A step that answers with nothing has no state to go on with. */
	private static <T> T required(@Nullable T value) {
		if (value == null) {
			throw new IllegalStateException("The step has returned no state; return the present one to leave it");
		}
		return value;
	}

	private static String trim(String reason) {
		String clean = reason.replace('\0', ' ');
		return (clean.length() > MAX_REASON) ? clean.substring(0, MAX_REASON) : clean;
	}

	/**
	 * What is left when the step has been made.
	 *
	 * @param data the saga
	 * @param status how it has ended, or {@code null} when it has not
	 */
	private record Turned(SagaData data, @Nullable Status status) {

	}

}
