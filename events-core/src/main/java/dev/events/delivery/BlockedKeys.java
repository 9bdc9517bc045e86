package dev.events.delivery;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import dev.events.store.ParkedState;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a partition that have live deliveries in the store (see
 * {@link ParkedState}). Only touched by the thread that runs the worker, but for
 * {@link #hasReady()}.
 * <p>
 * Invariants: (1) a key is here from the moment something of it is stored until the store
 * says that nothing is left; (2) no delivery of a key is stored below the position noted
 * here, except dead letters that an operator has let be tried again; (3) when the lowest
 * delivery of a key is queued, the key is ready or waits for a replay, for nothing else
 * would bring it up.
 */
final class BlockedKeys {

	// there is something, at whatever position
	private static final long UNKNOWN = 0;

	private final Map<String, Long> lowest;

	private final Set<String> ready;

	// what ready says, for other threads
	private volatile boolean anyReady;

	BlockedKeys(ParkedState parked) {
		this.lowest = new HashMap<>(parked.blockedKeys());
		this.ready = new LinkedHashSet<>(parked.readyKeys());
		this.anyReady = !this.ready.isEmpty();
	}

	/**
	 * Whether something of the key is, or may be, stored at or in front of a position.
	 */
	boolean isBlocked(@Nullable String key, long position) {
		Long stored = (key != null && !this.lowest.isEmpty()) ? this.lowest.get(key) : null;
		return stored != null && stored <= position;
	}

	/** Whether something of the key is, or may be, queued or stored in front of it. */
	boolean isBehind(@Nullable String key, long position) {
		Long stored = (key != null) ? this.lowest.get(key) : null;
		return stored != null && (stored != UNKNOWN && stored < position || this.ready.contains(key));
	}

	/** Something of the key is stored there, and perhaps more in front of it. */
	void stored(String key, long position) {
		this.lowest.merge(key, position, Math::min);
	}

	/** Nothing of the key is stored in front of this position, but something is there. */
	void block(@Nullable String key, long lowest) {
		if (key != null) {
			this.lowest.put(key, lowest);
		}
	}

	/**
	 * Something of a key was queued, or is stored there already.
	 * @param mayBeLowest whether it may lie in front of what was stored before
	 */
	void queued(String key, long position, boolean mayBeLowest) {
		Long stored = this.lowest.putIfAbsent(key, position);
		if (stored == null) {
			return;
		}
		if (position < stored) {
			this.lowest.put(key, position);
			ready(key);
		}
		else if (stored == UNKNOWN && mayBeLowest) {
			ready(key);
		}
	}

	/** What lies in front of the others of the key is gone; there may be more. */
	void goOn(@Nullable String key) {
		if (key != null) {
			this.lowest.put(key, UNKNOWN);
			ready(key);
		}
	}

	/** Something queued of the key may be the next to be handled. */
	void ready(String key) {
		this.ready.add(key);
		this.anyReady = true;
	}

	void notReady(String key) {
		this.ready.remove(key);
		this.anyReady = !this.ready.isEmpty();
	}

	/** Something of the key is stored that is not queued, at whatever position. */
	void blockedSomewhere(String key) {
		this.lowest.put(key, UNKNOWN);
	}

	void unblock(String key) {
		this.lowest.remove(key);
	}

	/** The key that has been ready for the longest time, or {@code null}. */
	@Nullable String nextReady() {
		return this.ready.isEmpty() ? null : this.ready.iterator().next();
	}

	boolean hasReady() {
		return this.anyReady;
	}

}
