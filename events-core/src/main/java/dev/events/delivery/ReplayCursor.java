package dev.events.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.Lease;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition has come in a replay, and which keys wait for that. Only touched by
 * the thread that runs the worker.
 * <p>
 * Invariant: as long as a key has events to come in the replay, nothing of that key
 * beyond the position is handled but by the replay.
 */
final class ReplayCursor implements Lane {

	private final ActiveReplay replay;

	// as it was when the partition became ours: as long as it is, this does not change
	private final ReplayRecord claimed;

	private final Lease lease;

	private final Progress progress;

	private final WaitingKeys waiting;

	// how many events of the replay there are up to those that are being handled
	private final Map<Long, Long> counts = new HashMap<>();

	private long position;

	private long handled;

	// up to what has been read
	private long counted;

	ReplayCursor(PartitionReplay.Offer offer, Lease lease, Progress progress, BlockedKeys keys) {
		ReplayProgress stored = offer.progress();
		this.replay = offer.replay();
		this.claimed = offer.claimed();
		this.lease = lease;
		this.progress = progress;
		this.waiting = new WaitingKeys(keys);
		this.position = stored.position();
		this.handled = stored.handled();
		this.counted = stored.handled();
	}

	ActiveReplay replay() {
		return this.replay;
	}

	long position() {
		return this.position;
	}

	/**
	 * Whether an event is done although the position is in front of it, because the
	 * number of partitions has changed.
	 */
	boolean isDone(LogEntry entry) {
		return this.claimed.isDone(entry.hash(), entry.position());
	}

	/** Whether it has come any further than to where it starts. */
	boolean hasBegun() {
		return this.position > this.claimed.after();
	}

	/**
	 * Whether it had begun for events of a hash before the number of partitions changed.
	 */
	boolean hasBegun(int hash) {
		return this.claimed.isDone(hash, this.claimed.after() + 1);
	}

	boolean isAtEnd() {
		return this.position >= this.replay.replay().upTo();
	}

	/**
	 * Whether something of a key must not be handled yet: the replay has events of the
	 * key to come that lie in front of it.
	 */
	boolean holdsBack(String key, long position) {
		return position > this.position && this.replay.lastOf(key) > this.position;
	}

	/** A key goes on when the replay has come to a position, or past the key. */
	@Override
	public void wait(String key, long position) {
		this.waiting.wait(key, Math.min(position, this.replay.lastOf(key)));
	}

	/** All keys that wait go on: the replay is over. */
	void letAllGoOn() {
		this.waiting.goOn(Long.MAX_VALUE);
	}

	/** What was read and not handled will be read again. */
	void startReading() {
		this.counted = this.handled;
		this.counts.clear();
	}

	/** Another event of the replay was read that is not for the subscriber. */
	void passesOver() {
		this.counted++;
	}

	/** Another event of the replay was read that is to be handled. */
	void takes(LogEntry entry) {
		this.counts.put(entry.position(), ++this.counted);
	}

	/** Everything that was read, up to here, is done. */
	void advanceOverAll(long position) {
		this.handled = this.counted;
		move(position, null);
	}

	@Override
	public boolean isReplay() {
		return true;
	}

	@Override
	public boolean holdsBack(LogEntry entry) {
		return false;
	}

	@Override
	public boolean isBehindStored(long position) {
		return true;
	}

	@Override
	public void advance(long position) {
		this.handled = count(position);
		move(position, null);
	}

	@Override
	public void advance(long position, DeliveryChange change) {
		this.handled = count(position);
		move(position, change);
	}

	private long count(long position) {
		return this.counts.getOrDefault(position, this.handled);
	}

	private void move(long position, @Nullable DeliveryChange change) {
		this.position = Math.max(this.position, position);
		this.progress.replayed(this.position, this.handled, change);
		this.waiting.goOn(this.position);
	}

	@Override
	public Checkpoint done(long position, List<DeliveryChange> changes) {
		return new Checkpoint(this.lease, 0, changes, this.progress.replayedTo(position, count(position)));
	}

}
