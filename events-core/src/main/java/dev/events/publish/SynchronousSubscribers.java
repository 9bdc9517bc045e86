package dev.events.publish;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

import dev.events.Event;
import dev.events.Subscriber;
import dev.events.observation.EventObservations;
import dev.events.observation.HandlerMdc;
import dev.events.observation.Observed;
import dev.events.stats.EventCounters;
import dev.events.stats.EventCounters.Counts;
import org.jspecify.annotations.Nullable;

/**
 * The synchronous subscribers of this node, by event type, in the order of their calls:
 * higher priority first, then as registered. Thread-safe; readers never wait.
 */
public final class SynchronousSubscribers {

	// types come from publishers, so the memory for them is bounded
	private static final int MAX_CACHED_TYPES = 10_000;

	private final EventCounters counters;

	private final EventObservations observations;

	private final HandlerMdc mdc;

	private volatile Registry registry = new Registry(List.of());

	/**
	 * Creates a collection without any.
	 * @param counters where what they do is counted
	 * @param observations observes each call
	 * @param mdc set while they are called
	 */
	public SynchronousSubscribers(EventCounters counters, EventObservations observations, HandlerMdc mdc) {
		this.counters = counters;
		this.observations = observations;
		this.mdc = mdc;
	}

	/** Adds one. */
	public synchronized void add(String id, Subscriber<?> subscriber) {
		List<Entry> entries = new ArrayList<>(this.registry.entries);
		entries.add(new Entry(id, subscriber, this.counters.subscription(id)));
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

	/** Calls the handler of one, observed, and with log lines that say for what. */
	<R extends @Nullable Object> R call(Entry entry, Event<?> event, boolean quotable, Callable<R> handler)
			throws Exception {
		HandlerMdc.Call logged = this.mdc.begin(entry.id(), event);
		Observed observed = this.observations.deliver(entry.id(), entry.subscriber().id() != null, event, quotable);
		try {
			return handler.call();
		}
		catch (Throwable ex) {
			observed.failed(ex);
			throw ex;
		}
		finally {
			observed.stop();
			logged.end();
		}
	}

	record Entry(String id, Subscriber<?> subscriber, Counts counts) {

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
