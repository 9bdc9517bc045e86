package dev.events.encryption;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Remembers the values used last, each for a limited time. Thread-safe.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
final class ExpiringCache<K, V> {

	private final long maxAge;

	private final LongSupplier nanoTime;

	private final Map<K, Cached<V>> entries;

	// so that what was read before a value was removed is not kept after that
	private long removals;

	ExpiringCache(Duration maxAge, int maxSize, LongSupplier nanoTime) {
		this.maxAge = maxAge.toNanos();
		this.nanoTime = nanoTime;
		this.entries = new LinkedHashMap<>(16, 0.75F, true) {

			private static final long serialVersionUID = 1L;

			@Override
			protected boolean removeEldestEntry(Map.Entry<K, Cached<V>> eldest) {
				return size() > maxSize;
			}

		};
	}

	/** The value, or {@code null} when there is none that is young enough. */
	synchronized @Nullable V get(K key) {
		Cached<V> entry = this.entries.get(key);
		if (entry == null) {
			return null;
		}
		if (this.nanoTime.getAsLong() - entry.readAt >= this.maxAge) {
			this.entries.remove(key);
			return null;
		}
		return entry.value;
	}

	/** To be asked for before a value is read from where it comes from. */
	synchronized Ticket ticket() {
		return new Ticket(this.nanoTime.getAsLong(), this.removals);
	}

	/** Keeps a value, unless something was removed since the ticket was given. */
	synchronized void put(Ticket ticket, K key, V value) {
		if (ticket.removals == this.removals) {
			this.entries.put(key, new Cached<>(value, ticket.time));
		}
	}

	synchronized void remove(K key) {
		this.removals++;
		this.entries.remove(key);
	}

	/**
	 * When a read began.
	 *
	 * @param time the time
	 * @param removals how many values had been removed
	 */
	record Ticket(long time, long removals) {

	}

	private record Cached<V>(V value, long readAt) {

	}

}
