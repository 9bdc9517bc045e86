package dev.events.delivery;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Counts of what is in the store. Counting takes the longer the more there are, so counts
 * that took long are used again for a while: however often somebody asks, the store
 * spends only a small part of its time with it. Counts that are quickly made are always
 * the present ones. Thread-safe.
 *
 * @param <T> the counts
 */
public final class RecentCounts<T> {

	private static final long QUICK = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long MAX_AGE = TimeUnit.SECONDS.toNanos(5);

	// counting takes at most this part of the time
	private static final int PART = 20;

	private final Supplier<T> counts;

	private final LongSupplier nanoTime;

	private final ReentrantLock counting = new ReentrantLock();

	private volatile @Nullable Counted<T> last;

	/**
	 * Creates counts that have not been made yet.
	 * @param counts makes them
	 * @param nanoTime a clock, as {@link System#nanoTime()}
	 */
	public RecentCounts(Supplier<T> counts, LongSupplier nanoTime) {
		this.counts = counts;
		this.nanoTime = nanoTime;
	}

	/** The counts, present ones or recent ones. */
	public T get() {
		Counted<T> known = this.last;
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

	private Counted<T> count() {
		long begin = this.nanoTime.getAsLong();
		T counts = this.counts.get();
		long end = this.nanoTime.getAsLong();
		long took = end - begin;
		Counted<T> counted = new Counted<>(counts, end, (took < QUICK) ? 0 : Math.min(MAX_AGE, PART * took));
		this.last = counted;
		return counted;
	}

	/**
	 * What was counted, and how long it may be used.
	 *
	 * @param <T> the counts
	 * @param counts the counts
	 * @param at when they were made
	 * @param maxAge how long they may be used
	 */
	private record Counted<T>(T counts, long at, long maxAge) {

	}

}
