package dev.events.aggregation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

import dev.events.Aggregation;
import dev.events.AggregationStats;
import dev.events.Aggregations;
import dev.events.InvalidSubscriptionException;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.codec.EventCodec;
import dev.events.delivery.DueProcesses;
import dev.events.delivery.RecentCounts;
import dev.events.publish.PublishPipeline;
import dev.events.store.EventStore;
import dev.events.store.ProcessCount;
import dev.events.store.ProcessRecord;
import org.jspecify.annotations.Nullable;

/**
 * The aggregations of a bus. A definition is a durable subscriber, so that retries, dead
 * letters and metrics are those of any other; what it adds is the windows in the store.
 * Can be started and stopped again and again. Thread-safe.
 */
public final class RegisteredAggregations implements Aggregations {

	private static final String PREFIX = Aggregation.subscription("");

	// looked at sooner than others, where windows are short
	private static final long SHORTEST_PAUSE_MILLIS = 100;

	private static final int LOOKS_PER_WINDOW = 10;

	private final EventStore store;

	private final EventCodec codec;

	private final PublishPipeline pipeline;

	private final String source;

	private final Function<Subscriber<?>, Subscription> subscriptions;

	private final SettledPositions settled;

	private final RecentCounts<List<ProcessCount>> counts;

	private final Map<String, Definition> definitions = new ConcurrentHashMap<>();

	private final DueProcesses due;

	/**
	 * Creates it, without definitions.
	 * @param source source of the results
	 * @param subscriptions registers a subscriber
	 */
	public RegisteredAggregations(EventStore store, EventCodec codec, PublishPipeline pipeline, String source,
			Function<Subscriber<?>, Subscription> subscriptions) {
		this(store, codec, pipeline, source, subscriptions, System::nanoTime);
	}

	RegisteredAggregations(EventStore store, EventCodec codec, PublishPipeline pipeline, String source,
			Function<Subscriber<?>, Subscription> subscriptions, LongSupplier nanoTime) {
		this.store = store;
		this.codec = codec;
		this.pipeline = pipeline;
		this.source = source;
		this.subscriptions = subscriptions;
		this.settled = new SettledPositions(store, nanoTime);
		this.counts = new RecentCounts<>(store.processes()::counts, System::nanoTime);
		this.due = new DueProcesses("events-aggregations", store, this.definitions.values());
	}

	/** Looks for what is due. */
	public DueProcesses due() {
		return this.due;
	}

	@Override
	public Subscription register(Aggregation<?, ?> aggregation) {
		Registration registration = add(aggregation);
		this.due.wake();
		return registration;
	}

	private <T, A> Registration add(Aggregation<T, A> aggregation) {
		AggregationCounters counters = new AggregationCounters();
		WindowCommits<T, A> commits = new WindowCommits<>(aggregation, new GatheredData<>(aggregation, this.codec),
				this.store, this.pipeline, this.source, this.settled, counters);
		WindowEvents<T> events = new WindowEvents<>(aggregation, commits, this.store, counters);
		Subscriber<T> subscriber = aggregation.subscriber()
			.replay(false)
			.id(aggregation.subscription())
			.batchHandler(events);
		if (!subscriber.isDurable()) {
			throw new InvalidSubscriptionException("Aggregation '" + aggregation.name()
					+ "' needs a durable subscription; leave out synchronous and broadcast");
		}
		if (subscriber.transactional()) {
			throw new InvalidSubscriptionException(
					"Aggregation '" + aggregation.name() + "' commits each key by itself; leave out transactional");
		}
		Subscription subscription = this.subscriptions.apply(subscriber);
		Definition definition = new Definition(aggregation.subscription(), new WindowDeadlines(aggregation, commits),
				counters, pauseMillis(aggregation));
		if (subscription.isDurable()) {
			// else an operator has switched it off on this node
			this.definitions.put(aggregation.name(), definition);
		}
		return new Registration(aggregation.name(), definition, subscription);
	}

	private static long pauseMillis(Aggregation<?, ?> aggregation) {
		Duration shortest = (aggregation.quiet() != null) ? aggregation.quiet() : aggregation.longest();
		return Math.max(SHORTEST_PAUSE_MILLIS,
				Math.min(DueProcesses.PAUSE_MILLIS, shortest.toMillis() / LOOKS_PER_WINDOW));
	}

	@Override
	public List<AggregationStats> stats() {
		Map<String, Map<String, Long>> stored = new TreeMap<>();
		this.definitions.keySet().forEach((name) -> stored.put(name, new HashMap<>()));
		for (ProcessCount count : this.counts.get()) {
			if (count.process().startsWith(PREFIX)) {
				stored.computeIfAbsent(count.process().substring(PREFIX.length()), (name) -> new HashMap<>())
					.merge(count.status(), count.count(), Long::sum);
			}
		}
		List<AggregationStats> stats = new ArrayList<>();
		stored.forEach((name, windows) -> stats.add(stats(name, this.definitions.get(name), windows)));
		return List.copyOf(stats);
	}

	private static AggregationStats stats(String name, @Nullable Definition definition, Map<String, Long> windows) {
		AggregationCounters counters = (definition != null) ? definition.counters : new AggregationCounters();
		return new AggregationStats(name, definition != null, windows.getOrDefault(WindowData.OPEN, 0L),
				windows.getOrDefault(WindowData.FAILED, 0L), windows.getOrDefault(WindowData.REMEMBERED, 0L),
				counters.opened.sum(), counters.ended.sum(), counters.events.sum(), counters.duplicates.sum(),
				counters.conflicts.sum(), counters.ignored.sum(), counters.erased.sum());
	}

	/**
	 * A definition on this node.
	 */
	private record Definition(String process, WindowDeadlines deadlines, AggregationCounters counters,
			long pauseMillis) implements DueProcesses.Kind {

		@Override
		public boolean sweep(List<ProcessRecord> due) {
			this.deadlines.sweep(due);
			return true;
		}

	}

	private final class Registration implements Subscription {

		private final String name;

		private final Definition definition;

		private final Subscription subscription;

		Registration(String name, Definition definition, Subscription subscription) {
			this.name = name;
			this.definition = definition;
			this.subscription = subscription;
		}

		@Override
		public String id() {
			return this.subscription.id();
		}

		@Override
		public boolean isDurable() {
			return this.subscription.isDurable();
		}

		@Override
		public void close() {
			RegisteredAggregations.this.definitions.remove(this.name, this.definition);
			this.subscription.close();
		}

	}

}
