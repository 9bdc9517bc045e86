package dev.events.spring.actuate;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.events.EventStats;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last statistics, taken anew when they are asked for after a while: reading many
 * meters costs one look at the store. While the store does not answer, the last ones
 * stay. Thread-safe.
 */
final class StatsSnapshot {

	private static final Logger logger = LoggerFactory.getLogger(StatsSnapshot.class);

	private final Supplier<EventStats> source;

	private final Consumer<EventStats> onRefresh;

	private final long maxAge;

	private final LongSupplier nanoTime;

	private final ReentrantLock refreshing = new ReentrantLock();

	private volatile @Nullable EventStats stats;

	private volatile long takenAt;

	/**
	 * Creates a snapshot that has not been taken yet.
	 * @param onRefresh called whenever one was taken, by one thread at a time
	 */
	StatsSnapshot(Supplier<EventStats> source, Duration maxAge, Consumer<EventStats> onRefresh, LongSupplier nanoTime) {
		this.source = source;
		this.maxAge = maxAge.toNanos();
		this.onRefresh = onRefresh;
		this.nanoTime = nanoTime;
		this.takenAt = nanoTime.getAsLong() - this.maxAge;
	}

	/** The statistics, or {@code null} when there have never been any. */
	@Nullable EventStats get() {
		// those who come while another thread refreshes get what is there
		if (this.nanoTime.getAsLong() - this.takenAt >= this.maxAge && this.refreshing.tryLock()) {
			try {
				refresh();
			}
			finally {
				this.refreshing.unlock();
			}
		}
		return this.stats;
	}

	private void refresh() {
		// first, so that reading meters in onRefresh does not come back here
		this.takenAt = this.nanoTime.getAsLong();
		try {
			EventStats fresh = this.source.get();
			this.stats = fresh;
			this.onRefresh.accept(fresh);
		}
		catch (RuntimeException ex) {
			logger.debug("No statistics from the event store", ex);
		}
		this.takenAt = this.nanoTime.getAsLong();
	}

}
