package dev.events.delivery;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keys that wait until something has come to a position, and are ready then. Only touched
 * by the thread that runs the worker, but for {@link #first()}.
 */
final class WaitingKeys {

	private final BlockedKeys keys;

	private final NavigableMap<Long, Set<String>> waiting = new TreeMap<>();

	private volatile long first = Long.MAX_VALUE;

	WaitingKeys(BlockedKeys keys) {
		this.keys = keys;
	}

	void wait(String key, long position) {
		this.waiting.computeIfAbsent(position, (any) -> new LinkedHashSet<>()).add(key);
		this.first = this.waiting.firstKey();
	}

	/** The lowest position that is waited for; for any thread. */
	long first() {
		return this.first;
	}

	/** Everything up to this position is past. */
	void goOn(long position) {
		if (this.first <= position) {
			NavigableMap<Long, Set<String>> passed = this.waiting.headMap(position, true);
			passed.values().stream().flatMap(Collection::stream).forEach(this.keys::ready);
			passed.clear();
			this.first = this.waiting.isEmpty() ? Long.MAX_VALUE : this.waiting.firstKey();
		}
	}

}
