package dev.events.aggregation;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import dev.events.store.CursorState;
import dev.events.store.DeliveryCounts;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Up to where everything of a subscription is done for good: no cursor is in front of it,
 * and nothing is parked. Read from the store now and then. Thread-safe.
 * <p>
 * Invariant: what was settled stays so (unless somebody moves the subscription back, on
 * purpose), so an answer that is not the newest is still true. Cursors are read first:
 * what they had passed over by then was parked with that, or done.
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

	/** The position for a subscription; 0 when nothing is known to be settled. */
	long of(String subscription) {
		Snapshot known = this.last;
		if (known == null || this.nanoTime.getAsLong() - known.at > MAX_AGE) {
			known = read();
			this.last = known;
		}
		return known.positions.getOrDefault(subscription, 0L);
	}

	private Snapshot read() {
		long now = this.nanoTime.getAsLong();
		Map<String, Long> positions = new HashMap<>();
		for (CursorState cursor : this.store.cursors().list()) {
			positions.merge(cursor.partition().subscription(), cursor.position(), Math::min);
		}
		for (DeliveryCounts counts : this.store.deliveries().counts()) {
			if (counts.waiting() > 0) {
				positions.remove(counts.subscription());
			}
		}
		return new Snapshot(now, positions);
	}

	private record Snapshot(long at, Map<String, Long> positions) {

	}

}
