package dev.events.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Events that wait for their time before they go into the log.
 * <p>
 * Invariant: an event is waiting, or in the log, or cancelled; it passes from waiting to
 * the log in one step of the store, so that whoever fails on the way leaves it in one of
 * the two. An id that is in the log already stays there once, whatever waits.
 */
public interface Schedule {

	/**
	 * Lets events wait until they are due: as part of the caller's transaction if the
	 * store {@linkplain EventStore#isInTransaction() takes part} in it, else durable on
	 * return. An event whose id waits already (or stands earlier in the list), or is in
	 * the log, is left out.
	 * @param events as they are to be in the log, in order
	 * @param dueAt when they are due, by the store's clock; with microseconds, at least
	 * the years 1 to 9999 are possible
	 * @return for each event whether it waits now
	 * @throws dev.events.EventStoreException when none of them waits
	 * @throws dev.events.UnknownOutcomeException when nobody knows whether they do
	 */
	List<Boolean> add(List<EventRecord> events, Instant dueAt);

	/**
	 * Takes an event out: as part of the caller's transaction, as {@link #add} does.
	 * @return whether it was waiting
	 */
	boolean cancel(UUID id);

	/** The waiting event with this id. */
	Optional<ScheduledRecord> find(UUID id);

	/**
	 * Waiting events, in the order in which they are due, those due at the same time in
	 * the order in which they were added.
	 * @param after only those behind this place, or {@code null} for the first ones
	 * @param limit at most so many
	 */
	List<ScheduledRecord> list(@Nullable SchedulePlace after, int limit);

	/** How many are waiting. */
	long count();

	/**
	 * Moves events that are due by the store's clock into the log, as one unit: in the
	 * order of {@link #list}, the first ones first. While somebody else does so, or when
	 * none is due, nothing happens. What an open transaction is about to cancel stays,
	 * and so does what is behind it with the same key. Never part of the caller's
	 * transaction.
	 * @param limit at most so many are looked at, those that stay included
	 */
	Released release(int limit);

}
