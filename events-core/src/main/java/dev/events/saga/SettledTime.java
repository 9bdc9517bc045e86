package dev.events.saga;

import java.time.Instant;

import dev.events.store.CursorState;
import dev.events.store.EventCriteria;
import dev.events.store.EventStore;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Up to when everything that was in the log, and everything that a subscription had
 * handled, is behind its cursors: it has been handled, or parked. While events keep
 * coming a subscription may never be at the end of the log; so that end is noted together
 * with the time. For one thread at a time.
 * <p>
 * Invariant: whoever has handled an event by a time has read it from the log before; so
 * when all cursors are where the log ended at that time, or later, the event is behind
 * them. Its end is the newest event that can be seen: {@code EventLog.head()} may be less
 * than what others have read already, while a transaction is open that may publish.
 */
final class SettledTime {

	private final EventStore store;

	private final String subscription;

	private Instant settled = Instant.MIN;

	// to be settled next
	private @Nullable Mark mark;

	SettledTime(EventStore store, String subscription) {
		this.store = store;
		this.subscription = subscription;
	}

	/** That time, as far as known; asks the store. */
	Settled find() {
		Instant now = this.store.now();
		long end = end();
		long cursor = cursor();
		Mark mark = this.mark;
		if (mark != null && mark.end <= cursor) {
			this.settled = mark.at;
			mark = null;
		}
		if (end <= cursor) {
			this.settled = now;
			mark = null;
		}
		else if (mark == null) {
			mark = new Mark(now, end);
		}
		this.mark = mark;
		return new Settled(this.settled, cursor);
	}

	private long end() {
		return this.store.log()
			.query(EventCriteria.ALL.newestBelow(Long.MAX_VALUE), 1)
			.stream()
			.mapToLong(StoredEvent::position)
			.findFirst()
			.orElse(0);
	}

	private long cursor() {
		return this.store.cursors()
			.list()
			.stream()
			.filter((cursor) -> cursor.partition().subscription().equals(this.subscription))
			.mapToLong(CursorState::position)
			.min()
			.orElse(0);
	}

	/**
	 * What is settled.
	 *
	 * @param time what was in the log by then is behind all cursors
	 * @param position of the last cursor
	 */
	record Settled(Instant time, long position) {

	}

	/**
	 * Where the log ended.
	 */
	private record Mark(Instant at, long end) {

	}

}
