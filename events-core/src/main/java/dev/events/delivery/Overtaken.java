package dev.events.delivery;

import java.util.List;
import java.util.Objects;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.events.store.DeliveryChange;
import dev.events.store.Lease;
import dev.events.store.StoredEvent;

/**
 * What came live between the start of a replay and the moment when it begins in a
 * partition: nobody there could know that its keys had to wait. It is queued to come once
 * more, behind the replay of its key. Only touched by the thread that runs the worker.
 * <p>
 * Invariant: when the replay is past a key, nothing that the handler has had of this key
 * and that meets the criteria is newer than the last that it was given.
 */
final class Overtaken {

	private static final NoArgGenerator IDS = Generators.timeBasedEpochGenerator();

	private static final int PAGE = 500;

	private final PartitionWorker worker;

	private final DeliveryContext context;

	private final Progress progress;

	private final BlockedKeys keys;

	private final WaitingCount waiting;

	Overtaken(PartitionWorker worker, DeliveryContext context, Progress progress, BlockedKeys keys,
			WaitingCount waiting) {
		this.worker = worker;
		this.context = context;
		this.progress = progress;
		this.keys = keys;
		this.waiting = waiting;
	}

	/**
	 * Queues it, if the replay has not begun yet. Saved before, or together with, the
	 * first progress of the replay; so if that is not saved, all of it is done again.
	 */
	void queue(ReplayCursor cursor) {
		if (cursor.hasBegun()) {
			return;
		}
		Lease lease = this.worker.lease();
		long live = this.progress.position();
		// which the cursor is behind after a change of partitions
		long furthest = lease.former()
			.stream()
			.flatMap((former) -> former.positions().stream())
			.mapToLong(Long::longValue)
			.reduce(live, Math::max);
		long read = cursor.replay().replay().upTo();
		while (read < furthest) {
			List<StoredEvent> page = cursor.replay().read(read, furthest, PAGE);
			page.stream()
				.map(LogEntry::new)
				.filter((entry) -> isOvertaken(cursor, entry, live))
				.forEach((entry) -> queue(cursor, entry));
			if (page.size() < PAGE) {
				return;
			}
			this.context.saver().save(this.worker);
			read = page.get(page.size() - 1).position();
		}
	}

	private boolean isOvertaken(ReplayCursor cursor, LogEntry entry, long live) {
		String key = entry.event().key();
		boolean had = entry.position() <= live || this.worker.lease().isDone(entry.hash(), entry.position());
		return had && key != null && this.worker.isMine(entry.hash()) && this.worker.subscription().accepts(entry)
				&& !cursor.hasBegun(entry.hash()) && cursor.holdsBack(key, entry.position());
	}

	private void queue(ReplayCursor cursor, LogEntry entry) {
		long position = entry.position();
		String key = Objects.requireNonNull(entry.event().key());
		this.progress.add(new DeliveryChange.Queue(IDS.generate(), entry.event(), position, true));
		this.waiting.addForReplay();
		this.keys.queued(key, position, true);
		cursor.wait(key, position);
	}

}
