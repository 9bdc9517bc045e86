package dev.events.retention;

import java.util.Comparator;
import java.util.stream.Stream;

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
	 * they begin at the lowest of those before. A replay that is active counts as well.
	 * What is parked has its own copy.
	 * @param last never further than this
	 */
	static Ceiling of(EventStore store, long last, boolean deleteUnread) {
		if (deleteUnread) {
			return new Ceiling(last, null);
		}
		Stream<Ceiling> live = store.cursors()
			.list()
			.stream()
			.map((cursor) -> new Ceiling(cursor.position(), cursor.partition().subscription()));
		Stream<Ceiling> replayed = store.replays()
			.active()
			.stream()
			.flatMap((replay) -> replay.partitions()
				.stream()
				.map((partition) -> new Ceiling(partition.position(), replay.subscription())));
		return Stream.concat(live, replayed)
			.min(Comparator.comparingLong(Ceiling::position))
			.filter((lowest) -> lowest.position < last)
			.orElseGet(() -> new Ceiling(last, null));
	}

}
