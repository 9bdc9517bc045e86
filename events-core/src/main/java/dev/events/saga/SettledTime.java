package dev.events.saga;

import java.time.Instant;

import dev.events.store.CursorState;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Up to when everything that was in the log, and everything that a subscription had
 * handled, is behind its cursors: it has been handled, or parked, and is not delivered
 * again by itself. While events keep coming a subscription may never be at the head of
 * the log; so the head is noted together with the time. For one thread at a time.
 * <p>
 * Invariant: whoever has handled an event by a time has read it from the log before; so
 * when all cursors are where the head of the log was at that time, or later, the event is
 * behind them.
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
	Instant find() {
		Instant now = this.store.now();
		long head = this.store.log().head();
		long cursor = cursor();
		Mark mark = this.mark;
		if (mark != null && mark.head <= cursor) {
			this.settled = mark.at;
			mark = null;
		}
		if (head <= cursor) {
			this.settled = now;
			mark = null;
		}
		else if (mark == null) {
			mark = new Mark(now, head);
		}
		this.mark = mark;
		return this.settled;
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
	 * Where the log ended.
	 */
	private record Mark(Instant at, long head) {

	}

}
