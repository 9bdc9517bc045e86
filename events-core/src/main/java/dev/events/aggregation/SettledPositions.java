package dev.events.aggregation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import dev.events.store.CursorState;
import dev.events.store.DeliveryCounts;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries the store knows to be over: the cursor of their partition is past
 * them, and they are neither parked nor dead letters. Thread-safe.
 * <p>
 * Invariant: what is settled stays so (unless somebody moves the subscription back, on
 * purpose), so what is read now and then is still true later. Cursors are read first:
 * what has failed in front of them was stored in the same step that moved them.
 */
final class SettledPositions {

	private static final long MAX_AGE = TimeUnit.MILLISECONDS.toNanos(500);

	private final EventStore store;

	private final LongSupplier nanoTime;

	private volatile @Nullable Snapshot last;

	SettledPositions(EventStore store, LongSupplier nanoTime) {
		this.store = store;
		this.nanoTime = nanoTime;
	}

	/** What is left to be remembered of a subscription. */
	HandledPositions unsettled(String subscription, HandledPositions handled) {
		Snapshot known = snapshot();
		List<Long> cursors = known.cursors.getOrDefault(subscription, List.of());
		if (cursors.isEmpty()) {
			return handled;
		}
		// of other partitions than there are now all have to be past them
		boolean same = handled.partitions() == cursors.size();
		Set<Long> over = handled.upTo((partition) -> (same && partition != HandledPositions.FORMER)
				? cursors.get(partition) : Collections.min(cursors));
		if (!over.isEmpty() && known.stored.contains(subscription)) {
			over.removeAll(this.store.deliveries().stored(subscription, over));
		}
		return over.isEmpty() ? handled : handled.without(over);
	}

	private Snapshot snapshot() {
		Snapshot known = this.last;
		if (known == null || this.nanoTime.getAsLong() - known.at > MAX_AGE) {
			known = read();
			this.last = known;
		}
		return known;
	}

	private Snapshot read() {
		long now = this.nanoTime.getAsLong();
		Map<String, List<Long>> cursors = new HashMap<>();
		// by number of the partition
		for (CursorState cursor : this.store.cursors().list()) {
			cursors.computeIfAbsent(cursor.partition().subscription(), (none) -> new ArrayList<>())
				.add(cursor.position());
		}
		Set<String> stored = new HashSet<>();
		this.store.deliveries().counts().stream().map(DeliveryCounts::subscription).forEach(stored::add);
		return new Snapshot(now, cursors, stored);
	}

	/**
	 * What was read.
	 *
	 * @param cursors positions of the cursors, by subscription
	 * @param stored subscriptions with stored deliveries
	 */
	private record Snapshot(long at, Map<String, List<Long>> cursors, Set<String> stored) {

	}

}
