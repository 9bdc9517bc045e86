package dev.events.publish;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.events.Event;
import dev.events.InvalidEventException;
import dev.events.stats.EventCounters;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.Schedule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts events on the schedule and takes them off, in the transaction of the caller: if
 * the store takes part in it as part of it, else after its commit. Thread-safe.
 */
public final class ScheduleIntake {

	private static final Logger logger = LoggerFactory.getLogger(ScheduleIntake.class);

	private final EventStore store;

	private final PublishTransactions transactions;

	private final EventCounters counters;

	private final Consumer<Instant> wake;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates an intake.
	 * @param wake called when an event is on the schedule for good, with its due time
	 */
	public ScheduleIntake(EventStore store, PublishTransactions transactions, EventCounters counters,
			Consumer<Instant> wake) {
		this.store = store;
		this.transactions = transactions;
		this.counters = counters;
		this.wake = wake;
	}

	/**
	 * A time as stores keep it: never earlier than asked for.
	 * @throws InvalidEventException when it is too late
	 */
	static Instant dueTime(Instant asked) {
		if (asked.isAfter(Event.LATEST_TIMESTAMP)) {
			throw new InvalidEventException("An event cannot be scheduled for " + asked + "; the latest time is "
					+ Event.LATEST_TIMESTAMP + ". Is a time in seconds or milliseconds taken for the other?");
		}
		if (asked.isBefore(Event.EARLIEST_TIMESTAMP)) {
			return Event.EARLIEST_TIMESTAMP;
		}
		Instant micros = asked.truncatedTo(ChronoUnit.MICROS);
		return micros.equals(asked) ? micros : micros.plus(1, ChronoUnit.MICROS);
	}

	/**
	 * The store's time after a delay.
	 * @throws InvalidEventException when it is too late
	 */
	Instant dueTime(Duration delay) {
		Instant now = this.store.now();
		try {
			return now.plus(delay);
		}
		catch (DateTimeException | ArithmeticException ex) {
			if (delay.isNegative()) {
				return Event.EARLIEST_TIMESTAMP;
			}
			throw new InvalidEventException(
					"An event cannot be scheduled in " + delay + "; the latest time is " + Event.LATEST_TIMESTAMP, ex);
		}
	}

	/**
	 * Schedules events as one unit.
	 * @return for each whether it is not there yet
	 */
	List<Boolean> add(List<EventRecord> events, Instant dueAt) {
		if (events.isEmpty()) {
			return List.of();
		}
		if (!this.transactions.isActive()) {
			return addNow(events, dueAt);
		}
		if (isJoined()) {
			List<Boolean> added = this.store.schedule().add(events, dueAt);
			this.transactions.afterCompletion(() -> added(added, dueAt), () -> {
			});
			return added;
		}
		deferred().add(new ScheduleChange.Add(events, dueAt));
		return Collections.nCopies(events.size(), true);
	}

	private List<Boolean> addNow(List<EventRecord> events, Instant dueAt) {
		List<Boolean> added = this.store.schedule().add(events, dueAt);
		added(added, dueAt);
		return added;
	}

	private void added(List<Boolean> added, Instant dueAt) {
		added.stream().filter((isNew) -> !isNew).forEach((known) -> this.counters.duplicate());
		this.wake.accept(dueAt);
	}

	/**
	 * Cancels an event.
	 * @return whether it was, in a transaction of something else: is, waiting
	 */
	public boolean cancel(UUID id) {
		if (!this.transactions.isActive() || isJoined()) {
			return this.store.schedule().cancel(id);
		}
		DeferredScheduling deferred = deferred();
		boolean waiting = deferred.isWaiting(id).orElseGet(() -> this.store.schedule().find(id).isPresent());
		deferred.add(new ScheduleChange.Cancel(id));
		return waiting;
	}

	/** One deferred change defers all that follow it in the transaction. */
	private boolean isJoined() {
		DeferredScheduling deferred = present();
		return (deferred == null || deferred.isEmpty()) && this.store.isInTransaction();
	}

	private @Nullable DeferredScheduling present() {
		return (DeferredScheduling) this.transactions.participant(this);
	}

	private DeferredScheduling deferred() {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("Events are scheduled or cancelled in a transaction that the event store ({}) does not take "
					+ "part in. That is done after its commit, and not at all if the application dies between the two; "
					+ "let the event store and the transaction use the same data source. Said once.",
					this.store.name());
		}
		DeferredScheduling deferred = present();
		if (deferred == null) {
			deferred = new DeferredScheduling(this::apply, this.counters);
			this.transactions.enlist(this, deferred);
		}
		return deferred;
	}

	private void apply(ScheduleChange change) {
		if (change instanceof ScheduleChange.Add added) {
			addNow(added.events(), added.dueAt());
		}
		else if (change instanceof ScheduleChange.Cancel cancelled) {
			Schedule schedule = this.store.schedule();
			if (!schedule.cancel(cancelled.id())) {
				logger.debug("{} was not waiting any more when the transaction that cancels it was committed",
						cancelled.id());
			}
		}
	}

}
