package dev.events.saga;

import java.time.Instant;

import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Up to which time all events of a subscription have been handled, or parked. While
 * events keep coming a subscription may never be at the head of the log; so the head is
 * noted together with the time, and when all cursors have reached it, everything older
 * has come. For one thread at a time.
 */
final class SagaArrivals {

	private final EventStore store;

	private final String subscription;

	private Instant until = Instant.MIN;

	private @Nullable Mark mark;

	SagaArrivals(EventStore store, String subscription) {
		this.store = store;
		this.subscription = subscription;
	}

	/** Whether all have come that were in the log at that time, which is past. */
	boolean haveComeUntil(@Nullable Instant time) {
		if (time == null || !time.isAfter(this.until)) {
			return true;
		}
		Mark noted = this.mark;
		if (noted == null) {
			// first the time: what is in the log then is below the head that is read
			// later
			Instant now = this.store.now();
			noted = new Mark(now, this.store.log().head());
		}
		boolean reached = isReached(noted);
		this.mark = reached ? null : noted;
		if (reached) {
			this.until = noted.time;
		}
		return !time.isAfter(this.until);
	}

	private boolean isReached(Mark noted) {
		return this.store.cursors()
			.list()
			.stream()
			.filter((cursor) -> cursor.partition().subscription().equals(this.subscription))
			.allMatch((cursor) -> cursor.position() >= noted.position);
	}

	/**
	 * Where the log ended at a time.
	 */
	private record Mark(Instant time, long position) {

	}

}
