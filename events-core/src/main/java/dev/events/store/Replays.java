package dev.events.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import dev.events.EventStoreException;
import dev.events.ReplayInfo.State;

/**
 * Replays of subscriptions, and moves of their cursors. The progress of a replay is saved
 * with that of live delivery, see {@link Checkpoint#replay()}. Everything here is
 * effective on return, also inside a transaction of the caller.
 * <p>
 * A replay is active while it is {@link State#RUNNING} or {@link State#PAUSED};
 * invariant: of each subscription there is at most one active replay.
 */
public interface Replays {

	/** How many finished replays of a subscription are kept, the newest ones. */
	int KEPT = 20;

	/**
	 * Creates a replay whose progress in each partition of the subscription begins at
	 * {@link ReplayRecord#after()}, and forgets finished ones of the subscription beyond
	 * the {@value #KEPT} newest. When the number of partitions changes later while it is
	 * active, its progress changes as {@link ReplayRecord#repartitioned} and
	 * {@link ReplayRecord#formerAfterChange} say, in the same step; when the subscription
	 * is deleted, its replays are. Atomic.
	 * @param replay in any state; one that is not active is finished at once
	 * @return whether it was created: not when there is no such subscription, or a replay
	 * of it is active
	 */
	boolean create(ReplayRecord replay);

	/** All replays that are known, newest first. */
	List<ReplayRecord> list();

	/** One of them. */
	Optional<ReplayRecord> find(UUID id);

	/** The active ones. */
	List<ReplayRecord> active();

	/**
	 * Changes the state of a replay, unless it is in another state than expected. Atomic.
	 * @return whether it was changed
	 */
	boolean change(UUID id, Set<State> from, State to);

	/**
	 * Moves back the cursors of a subscription that are beyond a position; the others
	 * stay. All its leases end, and nobody can claim before the old ones would have run
	 * out, as when the number of partitions changes (see
	 * {@link SubscriptionRegistry#register}). What was known of former numbers of
	 * partitions is forgotten. Stored deliveries stay. Atomic.
	 * @return whether it was done: not when there is no such subscription, or a replay of
	 * it is active
	 */
	boolean rewind(String subscription, long position);

	/**
	 * Moves forward the cursors of a subscription that are behind a position; the others
	 * stay. For the rest as {@link #rewind}, but what is known of former numbers of
	 * partitions is kept.
	 * @param position a settled position
	 * @return whether it was done: not when there is no such subscription, or a replay of
	 * it is active
	 */
	boolean fastForward(String subscription, long position);

	/** Those of a store that cannot keep any. */
	static Replays unsupported(String store) {
		return new Replays() {

			private EventStoreException refusal() {
				return new EventStoreException("The event store (" + store + ") cannot replay events", null);
			}

			@Override
			public boolean create(ReplayRecord replay) {
				throw refusal();
			}

			@Override
			public List<ReplayRecord> list() {
				return List.of();
			}

			@Override
			public Optional<ReplayRecord> find(UUID id) {
				return Optional.empty();
			}

			@Override
			public List<ReplayRecord> active() {
				return List.of();
			}

			@Override
			public boolean change(UUID id, Set<State> from, State to) {
				return false;
			}

			@Override
			public boolean rewind(String subscription, long position) {
				throw refusal();
			}

			@Override
			public boolean fastForward(String subscription, long position) {
				throw refusal();
			}

		};
	}

}
