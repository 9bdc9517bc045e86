package dev.events.store;

import java.util.List;
import java.util.Optional;

import dev.events.EventStoreException;
import org.jspecify.annotations.Nullable;

/**
 * What processes keep from one event to the next: sagas, windows that are being filled,
 * whatever has a name and a key and goes on from event to event.
 * <p>
 * Invariant: state and events change together. Of all commits that were made from the
 * same version at most one is done; it stores its state and appends its events in one
 * step, and the others change nothing. So a step that is made twice, by a repetition or
 * on two nodes, has its effect once.
 * <p>
 * A step that comes from a delivery can say so. Then it is also not made any more once
 * the delivery is over: a process that was created, has ended and was deleted meanwhile
 * looks like one that never was, and its version could not tell.
 */
public interface Processes {

	/**
	 * One process, with what the caller's transaction has changed.
	 * @throws EventStoreException when it cannot be read
	 */
	Optional<ProcessRecord> find(String process, String key);

	/**
	 * Processes of a kind, in an order of their keys that is the store's own.
	 * @param process name of the kind
	 * @param status only those with this status, or {@code null} for all
	 * @param after only those behind this key, which need not exist, or {@code null} for
	 * the first ones
	 * @param limit at most so many
	 */
	List<ProcessRecord> list(String process, @Nullable String status, @Nullable String after, int limit);

	/**
	 * Processes of a kind that are due by the store's clock, earliest due first. They
	 * stay due until a commit changes that.
	 * @param process name of the kind
	 * @param limit at most so many
	 */
	List<ProcessRecord> due(String process, int limit);

	/** How many there are, for each kind and status that has any. */
	List<ProcessCount> counts();

	/**
	 * Makes a step, if the process is still as it was when the step was made from it:
	 * stores or deletes its state and appends the events, as {@link EventLog#append}
	 * does, all of it in one step; else changes nothing. Part of the caller's transaction
	 * as {@link EventStore#isInTransaction()} says; else atomic and durable on return. In
	 * a transaction, waits for the end of another one that is about to change the
	 * process.
	 * @return for each event its position or {@link EventLog#DUPLICATE}; empty when the
	 * process is of another version than expected: the caller has to look at it and make
	 * the step anew. That may be his own step, if its answer was lost on the way, so what
	 * he has to know about that belongs into the state, ids of handled events for example
	 * @throws DeliveryOverException when the delivery that it comes from is over,
	 * whatever the version; it was not done, and the caller's transaction, if there is
	 * one, has to be rolled back
	 * @throws EventStoreException when it was not done; or when nobody knows whether it
	 * was, because an answer was lost. Whoever is not sure reads the process again: its
	 * version tells
	 */
	Optional<List<Long>> commit(ProcessChange change);

	/** Those of a store that cannot keep any. */
	static Processes unsupported(String store) {
		return new Processes() {

			@Override
			public Optional<ProcessRecord> find(String process, String key) {
				return Optional.empty();
			}

			@Override
			public List<ProcessRecord> list(String process, @Nullable String status, @Nullable String after,
					int limit) {
				return List.of();
			}

			@Override
			public List<ProcessRecord> due(String process, int limit) {
				return List.of();
			}

			@Override
			public List<ProcessCount> counts() {
				return List.of();
			}

			@Override
			public Optional<List<Long>> commit(ProcessChange change) {
				throw new EventStoreException("The event store (" + store + ") cannot keep states of processes", null);
			}

		};
	}

}
