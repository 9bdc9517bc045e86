package dev.events.publish;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.events.DeliveryInterceptor;
import dev.events.Subscriber;
import dev.events.stats.EventCounters;
import dev.events.stats.EventCounters.Counts;

/**
 * The synchronous subscribers of this node, by event type, in the order of their calls:
 * higher priority first, then as registered. Thread-safe; readers never wait.
 */
public final class SynchronousSubscribers {

	// types come from publishers, so the memory for them is bounded
	private static final int MAX_CACHED_TYPES = 10_000;

	private final EventCounters counters;

	private final DeliveryInterceptor interceptor;

	private volatile Registry registry = new Registry(List.of());

	/**
	 * Creates a collection without any.
	 * @param counters where what they do is counted
	 * @param interceptor stands around their calls
	 */
	public SynchronousSubscribers(EventCounters counters, DeliveryInterceptor interceptor) {
		this.counters = counters;
		this.interceptor = interceptor;
	}

	/** Adds one. */
	public synchronized void add(String id, Subscriber<?> subscriber) {
		List<Entry> entries = new ArrayList<>(this.registry.entries);
		entries.add(new Entry(id, subscriber, this.counters.subscription(id), this.interceptor));
		entries.sort(Comparator.comparingInt((Entry entry) -> entry.subscriber.priority()).reversed());
		this.registry = new Registry(List.copyOf(entries));
	}

	/** Removes one. */
	public synchronized void remove(String id) {
		this.registry = new Registry(this.registry.entries.stream().filter((entry) -> !entry.id.equals(id)).toList());
	}

	List<Entry> of(String type) {
		return this.registry.of(type);
	}

	record Entry(String id, Subscriber<?> subscriber, Counts counts, DeliveryInterceptor interceptor) {

	}

	private record Registry(List<Entry> entries, Map<String, List<Entry>> byType) {

		Registry(List<Entry> entries) {
			this(entries, new ConcurrentHashMap<>());
		}

		List<Entry> of(String type) {
			List<Entry> matching = this.byType.get(type);
			if (matching == null) {
				if (this.byType.size() >= MAX_CACHED_TYPES) {
					this.byType.clear();
				}
				matching = this.entries.stream().filter((entry) -> entry.subscriber.matches(type)).toList();
				this.byType.put(type, matching);
			}
			return matching;
		}

	}

}
