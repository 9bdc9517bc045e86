package dev.events.delivery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.Lease;
import dev.events.store.ReplayProgress;
import org.jspecify.annotations.Nullable;

/**
 * How far a worker has come, live and in a replay, and what of that is not saved yet.
 * Written by the worker, read by the checkpointer. Thread-safe.
 * <p>
 * Invariant: a checkpoint never has a position, be it that of the replay, without all
 * delivery changes up to it: all is read under one lock, and each event's change is added
 * in the same step that moves the position over it.
 */
final class Progress {

	private final List<DeliveryChange> changes = new ArrayList<>();

	// how many of the changes are at a position
	private final Map<Long, Integer> changedPositions = new HashMap<>();

	private long position;

	private long savedPosition;

	private @Nullable ReplayProgress replay;

	private @Nullable ReplayProgress savedReplay;

	Progress(long position) {
		this.position = position;
		this.savedPosition = position;
	}

	synchronized long position() {
		return this.position;
	}

	/** Everything up to here is done. */
	synchronized void advance(long position) {
		this.position = Math.max(this.position, position);
	}

	/** Everything up to here is done but for this change. */
	synchronized void advance(long position, DeliveryChange change) {
		add(change);
		this.position = Math.max(this.position, position);
	}

	/** What became of a delivery behind the position. */
	synchronized void add(DeliveryChange change) {
		this.changes.add(change);
		this.changedPositions.merge(change.position(), 1, Integer::sum);
	}

	/** A replay begins from what the store knows of it, or is over. */
	synchronized void replay(@Nullable ReplayProgress stored) {
		this.replay = stored;
		this.savedReplay = stored;
	}

	/**
	 * In the replay everything up to here is done, but for the change if there is one.
	 */
	synchronized void replayed(long position, long handled, @Nullable DeliveryChange change) {
		if (change != null) {
			add(change);
		}
		this.replay = replayedTo(position, handled);
	}

	/** What is to be saved when the replay has come so far. */
	synchronized @Nullable ReplayProgress replayedTo(long position, long handled) {
		ReplayProgress replay = this.replay;
		return (replay != null) ? new ReplayProgress(replay.replay(), position, handled, replay.failed()) : null;
	}

	/** An attempt at an event of the replay has failed. */
	synchronized void replayFailed() {
		ReplayProgress replay = this.replay;
		if (replay != null) {
			this.replay = new ReplayProgress(replay.replay(), replay.position(), replay.handled(), replay.failed() + 1);
		}
	}

	/**
	 * Whether there is a change that the store may not know yet, or of which we do not
	 * know yet that it does.
	 */
	synchronized boolean hasChangeAt(long position) {
		return this.changedPositions.containsKey(position);
	}

	synchronized int unsavedChanges() {
		return this.changes.size();
	}

	/**
	 * What is to be saved, or {@code null} when nothing is.
	 * @param atLeast a position up to which everything is known to be done
	 */
	synchronized @Nullable Checkpoint checkpoint(Lease lease, long atLeast) {
		long reached = Math.max(this.position, atLeast);
		ReplayProgress replayed = (this.replay != null && !this.replay.equals(this.savedReplay)) ? this.replay : null;
		if (reached <= this.savedPosition && this.changes.isEmpty() && replayed == null) {
			return null;
		}
		return new Checkpoint(lease, reached, List.copyOf(this.changes), replayed);
	}

	/** The checkpoint is in the store; only the checkpointer takes changes away. */
	synchronized void saved(Checkpoint checkpoint) {
		this.changes.subList(0, checkpoint.changes().size()).clear();
		for (DeliveryChange change : checkpoint.changes()) {
			this.changedPositions.computeIfPresent(change.position(),
					(position, count) -> (count > 1) ? count - 1 : null);
		}
		savedDirectly(checkpoint);
	}

	/** Where the checkpoint has come to is in the store. */
	synchronized void savedDirectly(Checkpoint checkpoint) {
		this.savedPosition = Math.max(this.savedPosition, checkpoint.position());
		ReplayProgress replayed = checkpoint.replay();
		if (replayed != null && this.replay != null && replayed.replay().equals(this.replay.replay())) {
			this.savedReplay = replayed;
		}
	}

	synchronized long savedPosition() {
		return this.savedPosition;
	}

}
