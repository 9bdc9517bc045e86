package dev.events.retention;

import java.util.Comparator;
import java.util.Optional;

import dev.events.store.CursorState;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * What must not be deleted: events behind it.
 *
 * @param position events up to here may go
 * @param subscription the subscription that has not had the next ones, or {@code null}
 */
record Ceiling(long position, @Nullable String subscription) {

	/**
	 * The present one. Every subscription that the store knows counts: one that is paused
	 * goes on some day, and one that no node serves may be about to be served again. The
	 * lowest cursor of all its partitions is what counts; after a change of their number
	 * they begin at the lowest of those before. What is parked has its own copy.
	 * @param last never further than this
	 */
	static Ceiling of(EventStore store, long last, boolean deleteUnread) {
		if (deleteUnread) {
			return new Ceiling(last, null);
		}
		Optional<CursorState> lowest = store.cursors()
			.list()
			.stream()
			.min(Comparator.comparingLong(CursorState::position));
		return lowest.filter((cursor) -> cursor.position() < last)
			.map((cursor) -> new Ceiling(cursor.position(), cursor.partition().subscription()))
			.orElseGet(() -> new Ceiling(last, null));
	}

}
