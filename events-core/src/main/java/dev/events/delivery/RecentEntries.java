package dev.events.delivery;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The newest entries of the log, bounded in number and weight. Thread-safe.
 * <p>
 * Invariant: all entries with {@code floor < position <= head} are here.
 */
final class RecentEntries {

	private final long maxWeight;

	private final LogEntry[] ring;

	// entry number n is at ring[n % length]; entries first..next-1 are present
	private long first;

	private long next;

	private long weight;

	private long floor;

	private long head;

	RecentEntries(int capacity, long maxWeight) {
		this.ring = new LogEntry[capacity];
		this.maxWeight = maxWeight;
	}

	/** Forgets everything and begins anew behind this position. */
	synchronized void reset(long position) {
		while (this.first < this.next) {
			evict();
		}
		this.floor = position;
		this.head = position;
	}

	/** Adds what comes next; entries that are here, or were, are left out. */
	synchronized void append(List<LogEntry> entries, long upTo) {
		for (LogEntry entry : entries) {
			if (entry.position() <= this.head) {
				continue;
			}
			if (this.next - this.first == this.ring.length) {
				evict();
			}
			this.ring[slot(this.next++)] = entry;
			this.weight += entry.weight();
			this.head = entry.position();
		}
		while (this.weight > this.maxWeight && this.next - this.first > 1) {
			evict();
		}
		this.head = Math.max(this.head, upTo);
	}

	@SuppressWarnings("NullAway") // slots outside first..next-1 are never read
	private void evict() {
		int slot = slot(this.first++);
		this.floor = this.ring[slot].position();
		this.weight -= this.ring[slot].weight();
		this.ring[slot] = null;
	}

	synchronized long head() {
		return this.head;
	}

	/** Where what is here begins. */
	synchronized long floor() {
		return this.floor;
	}

	/**
	 * What comes after a position, or {@code null} when that is no longer here.
	 */
	synchronized @Nullable LogSlice after(long position, int limit) {
		if (position < this.floor) {
			return null;
		}
		long from = firstAfter(position);
		long to = Math.min(this.next, from + limit);
		List<LogEntry> entries = new ArrayList<>((int) (to - from));
		for (long number = from; number < to; number++) {
			entries.add(this.ring[slot(number)]);
		}
		long upTo = (to == this.next) ? Math.max(position, this.head) : entries.get(entries.size() - 1).position();
		return new LogSlice(entries, upTo);
	}

	private long firstAfter(long position) {
		long low = this.first;
		long high = this.next;
		while (low < high) {
			long middle = (low + high) >>> 1;
			if (this.ring[slot(middle)].position() <= position) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	private int slot(long number) {
		return (int) (number % this.ring.length);
	}

}
