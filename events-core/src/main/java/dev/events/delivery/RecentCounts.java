package dev.events.delivery;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import dev.events.store.Deliveries;
import dev.events.store.DeliveryCounts;
import org.jspecify.annotations.Nullable;

/**
 * Counts of deliveries. Counting takes the longer the more there are, so counts that took
 * long are used again for a while: however often somebody asks, the store spends only a
 * small part of its time with it. Counts that are quickly made are always the present
 * ones. Thread-safe.
 */
final class RecentCounts {

	private static final long QUICK = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long MAX_AGE = TimeUnit.SECONDS.toNanos(5);

	// counting takes at most this part of the time
	private static final int PART = 20;

	private final Deliveries deliveries;

	private final LongSupplier nanoTime;

	private final ReentrantLock counting = new ReentrantLock();

	private volatile @Nullable Counted last;

	RecentCounts(Deliveries deliveries, LongSupplier nanoTime) {
		this.deliveries = deliveries;
		this.nanoTime = nanoTime;
	}

	List<DeliveryCounts> get() {
		Counted known = this.last;
		if (known == null) {
			return count().counts;
		}
		long age = this.nanoTime.getAsLong() - known.at;
		if (age < known.maxAge) {
			return known.counts;
		}
		if (!this.counting.tryLock()) {
			// somebody is at it already: what takes long need not be done twice
			return (known.maxAge > 0) ? known.counts : count().counts;
		}
		try {
			return count().counts;
		}
		finally {
			this.counting.unlock();
		}
	}

	private Counted count() {
		long begin = this.nanoTime.getAsLong();
		List<DeliveryCounts> counts = this.deliveries.counts();
		long end = this.nanoTime.getAsLong();
		long took = end - begin;
		Counted counted = new Counted(counts, end, (took < QUICK) ? 0 : Math.min(MAX_AGE, PART * took));
		this.last = counted;
		return counted;
	}

	/**
	 * What was counted, and how long it may be used.
	 */
	private record Counted(List<DeliveryCounts> counts, long at, long maxAge) {

	}

}
