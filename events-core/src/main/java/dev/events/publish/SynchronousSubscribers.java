package dev.events.publish;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.Subscriber;
import dev.events.correlation.CurrentEvent;
import dev.events.observation.AroundHandlers;
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

	private final AroundHandlers around;

	private volatile Registry registry = new Registry(List.of());

	/**
	 * Creates a collection without any.
	 * @param counters where what they do is counted
	 * @param around what stands around their calls
	 */
	public SynchronousSubscribers(EventCounters counters, AroundHandlers around) {
		this.counters = counters;
		this.around = around;
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
	@Nullable Object call(Entry entry, Delivery delivery, Event<?> event, boolean quotable, Callable<@Nullable Object> handler)
			throws Exception {
		HandlerMdc.Call logged = this.around.mdc().begin(entry.id(), event);
		Observed observed = this.around.observations()
			.deliver(entry.id(), entry.subscriber().id() != null, event, quotable);
		try {
			return CurrentEvent.call(event,
					() -> this.around.interceptor().intercept(delivery, List.of(event), handler));
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
