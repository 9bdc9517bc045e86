package dev.events.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.events.Event;
import dev.events.EventException;
import dev.events.EventInterceptor;
import dev.events.InvalidEventException;
import dev.events.Publication;
import dev.events.Publication.Outcome;
import dev.events.SynchronousSubscriberException;
import dev.events.access.AccessControl;
import dev.events.codec.EventCodec;
import dev.events.codec.EventCodec.Encoded;
import dev.events.correlation.CurrentEvent;
import dev.events.observation.EventObservations;
import dev.events.schema.PublishValidation;
import dev.events.stats.EventCounters;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of an event into the log: stamped, shown to interceptors, allowed or refused,
 * written as JSON, checked against its schema, shown to synchronous subscribers,
 * encrypted, appended; or, instead of appended, scheduled. Whatever goes wrong on the
 * way, nothing of the call is stored. Thread-safe.
 */
public final class PublishPipeline {

	private static final Logger logger = LoggerFactory.getLogger(PublishPipeline.class);

	// stops synchronous subscribers that answer each other for ever
	private static final int MAX_ANSWERS = 1000;

	private final EventCodec codec;

	private final List<EventInterceptor> interceptors;

	private final AccessControl access;

	private final PublishValidation validation;

	private final SynchronousSubscribers subscribers;

	private final EventForwarder forwarder;

	private final EventAppender appender;

	private final PublishTransactions transactions;

	private final EventCounters counters;

	private final EventObservations observations;

	private final ScheduleIntake schedule;

	/**
	 * Creates a pipeline.
	 * @param schedule where events wait that are not due yet
	 * @param wake called when events may have become visible in the log
	 */
	public PublishPipeline(EventStore store, EventCodec codec, List<EventInterceptor> interceptors,
			AccessControl access, PublishValidation validation, SynchronousSubscribers subscribers,
			EventForwarder forwarder, PublishTransactions transactions, EventCounters counters,
			EventObservations observations, ScheduleIntake schedule, Runnable wake) {
		this.appender = new EventAppender(store, transactions, counters, observations, wake);
		this.codec = codec;
		this.interceptors = List.copyOf(interceptors);
		this.access = access;
		this.validation = validation;
		this.subscribers = subscribers;
		this.forwarder = forwarder;
		this.transactions = transactions;
		this.counters = counters;
		this.observations = observations;
		this.schedule = schedule;
	}

	/** Publishes events as one unit, and answers for each of them what became of it. */
	public List<Publication> publish(Collection<?> events, String source) {
		PreparedEvents prepared = prepare(events, source);
		List<Long> positions = this.appender.append(prepared.records(), true);
		return prepared.publications(positions);
	}

	/**
	 * Publishes events as part of something else that the store does in one step. What is
	 * not done is made anew by the caller, so events are forwarded only when it was done:
	 * else whoever listens would get events that there never are. Synchronous
	 * subscribers, which may cancel or answer, are called before.
	 * @param store does it, given the records to append; answers as
	 * {@link EventLog#append}, or nothing when it was not done
	 * @return whether it was done
	 */
	public boolean publishWith(Collection<? extends Event<?>> events, String source,
			Function<List<EventRecord>, Optional<List<Long>>> store) {
		return publishWith(events, source, () -> true, store);
	}

	/**
	 * As the other one, but synchronous subscribers are not called when it can be told
	 * before that it will not be done.
	 * @param possible asked right before the first of them is called, if any is to be
	 */
	public boolean publishWith(Collection<? extends Event<?>> events, String source, BooleanSupplier possible,
			Function<List<EventRecord>, Optional<List<Long>>> store) {
		return new ObservedUnit(this.observations, this.codec).publish(events, source,
				(published) -> publishWith(events, source, possible, store, published));
	}

	private boolean publishWith(Collection<?> events, String source, BooleanSupplier possible,
			Function<List<EventRecord>, Optional<List<Long>>> store, Consumer<List<Publication>> published) {
		List<Event<?>> forwarded = new ArrayList<>();
		PreparedEvents prepared = new PreparedEvents(events.size(), null, forwarded::add);
		if (!prepare(events, source, prepared, possible)) {
			return false;
		}
		Optional<List<Long>> positions = store.apply(List.copyOf(prepared.records()));
		positions.ifPresent((stored) -> published.accept(prepared.publications(stored)));
		if (positions.isPresent() && !prepared.records().isEmpty()) {
			boolean durable = this.appender.appended(prepared.records(), positions.get());
			forwarded.forEach(durable ? this::forwardStored : this.forwarder::forward);
		}
		return positions.isPresent();
	}

	private void forwardStored(Event<?> event) {
		try {
			this.forwarder.forward(event);
		}
		catch (RuntimeException ex) {
			// too late to refuse it
			logger.warn("{} is stored, but could not be forwarded: {}", event, ex.getClass().getName());
		}
	}

	/**
	 * Publishes an event for later, and answers what became of it.
	 * @see dev.events.EventPublisher#publishAt
	 */
	public Publication publishAt(Instant dueAt, Object event, String source) {
		return schedule(() -> dueAt, event, source);
	}

	/** As {@link #publishAt}, after a delay by the store's clock. */
	public Publication publishIn(Duration delay, Object event, String source) {
		return schedule(() -> this.schedule.dueTime(delay), event, source);
	}

	private Publication schedule(Supplier<Instant> dueAt, Object event, String source) {
		Instant due;
		try {
			due = ScheduleIntake.dueTime(dueAt.get());
		}
		catch (RuntimeException ex) {
			this.counters.rejected();
			throw ex;
		}
		PreparedEvents prepared = prepare(List.of(event), source, due, EventForwarder.NONE);
		List<Boolean> added = this.schedule.add(prepared.records(), due);
		return prepared
			.publications(added.stream().map((isNew) -> isNew ? EventAppender.DEFERRED : EventLog.DUPLICATE).toList())
			.get(0);
	}

	/**
	 * Takes events up to the point where only the append is missing.
	 * @throws EventException when they cannot be published; they are counted as rejected
	 */
	PreparedEvents prepare(Collection<?> events, String source) {
		return prepare(events, source, null, this.forwarder);
	}

	private PreparedEvents prepare(Collection<?> events, String source, @Nullable Instant dueAt,
			EventForwarder forwarder) {
		PreparedEvents prepared = new PreparedEvents(events.size(), dueAt, forwarder);
		prepare(events, source, prepared, () -> true);
		return prepared;
	}

	private boolean prepare(Collection<?> events, String source, PreparedEvents prepared, BooleanSupplier possible) {
		try {
			List<Candidate> candidates = new ArrayList<>(events.size());
			for (Object event : events) {
				candidates.add(candidate(event, source, prepared.dueAt()));
			}
			if (candidates.stream().anyMatch(this::isShown) && !possible.getAsBoolean()) {
				return false;
			}
			prepareAll(candidates, source, prepared);
			return true;
		}
		catch (RuntimeException ex) {
			events.forEach((event) -> this.counters.rejected());
			throw ex;
		}
	}

	private boolean isShown(Candidate candidate) {
		return candidate.encoded != null && !this.subscribers.of(candidate.encoded.record().type()).isEmpty();
	}

	private void prepareAll(List<Candidate> candidates, String source, PreparedEvents prepared) {
		Instant dueAt = prepared.dueAt();
		Deque<Candidate> queue = new ArrayDeque<>(candidates);
		int answers = -candidates.size();
		while (!queue.isEmpty()) {
			if (++answers > MAX_ANSWERS) {
				throw new InvalidEventException("Synchronous subscribers answered with more than " + MAX_ANSWERS
						+ " events; do they answer each other?");
			}
			Candidate candidate = queue.remove();
			for (Object answer : process(candidate, prepared)) {
				queue.add(answer(answer, candidate.event, source, dueAt));
			}
		}
	}

	private Candidate answer(Object answer, Event<?> cause, String source, @Nullable Instant dueAt) {
		try {
			return CurrentEvent.call(cause, () -> candidate(answer, source, dueAt));
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Candidate candidate(Object published, String source, @Nullable Instant dueAt) {
		Event<?> event = toEvent(published);
		// it happens when it is due: by this time it is found, and grows old
		if (dueAt != null && event.timestamp().isBefore(dueAt)) {
			event = event.withTimestamp(dueAt);
		}
		if (event.source().isEmpty()) {
			event = event.withSource(source);
		}
		event = this.observations.trace(CurrentEvent.correlate(event), CurrentEvent.get());
		for (EventInterceptor interceptor : this.interceptors) {
			Event<?> result = interceptor.intercept(event);
			if (result == null) {
				return new Candidate(event, null, interceptor.getClass().getName());
			}
			event = result;
		}
		this.access.checkPublish(event);
		Encoded encoded = this.codec.encode(event);
		EventRecord record = encoded.record();
		this.validation.validate(record.type(), record.version(), record.data());
		return new Candidate(event, encoded, null);
	}

	private static Event<?> toEvent(@Nullable Object published) {
		if (published == null) {
			throw new InvalidEventException("null cannot be published");
		}
		return (published instanceof Event<?> event) ? event : Event.of(published);
	}

	private List<Object> process(Candidate candidate, PreparedEvents prepared) {
		Event<?> event = candidate.event;
		Encoded encoded = candidate.encoded;
		if (encoded == null) {
			this.counters.dropped();
			logger.debug("{} was dropped by {}", event, candidate.droppedBy);
			prepared.add(new Publication(event, Outcome.DROPPED, candidate.droppedBy, null), null);
			return List.of();
		}
		EventRecord record = encoded.record();
		SynchronousCall call = new SynchronousCall(this.subscribers, this.codec, this.counters, this.access, event,
				record);
		call.callAll();
		if (!call.failures().isEmpty()) {
			call.failures().forEach((failure) -> this.counters.failed(record.type(), failure.subscription()));
			throw new SynchronousSubscriberException(event, call.failures());
		}
		if (call.cancelledBy() != null) {
			this.counters.cancelled();
			logger.info("{} was cancelled by {}: {}", event, call.cancelledBy(), call.reason());
			prepared.add(new Publication(event, Outcome.CANCELLED, call.cancelledBy(), call.reason()), null);
			return List.of();
		}
		// from here on there is only cipher text: in buffers, and in what is deferred
		EventRecord sealed = this.codec.seal(encoded);
		prepared.forwarder().forward(event);
		prepared.add(new Publication(event, prepared.outcome(), null, null), sealed);
		return call.answers();
	}

	EventAppender appender() {
		return this.appender;
	}

	PublishTransactions transactions() {
		return this.transactions;
	}

	EventCounters counters() {
		return this.counters;
	}

	/**
	 * An event on its way; its encoded form is missing when an interceptor dropped it.
	 */
	private record Candidate(Event<?> event, @Nullable Encoded encoded, @Nullable String droppedBy) {

	}

}
