package dev.events.saga;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.events.DeadLetters;
import dev.events.EventFunction;
import dev.events.InvalidSubscriptionException;
import dev.events.Saga;
import dev.events.SagaInfo;
import dev.events.SagaInfo.Status;
import dev.events.SagaStats;
import dev.events.Sagas;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.codec.EventCodec;
import dev.events.delivery.DueProcesses;
import dev.events.delivery.RecentCounts;
import dev.events.publish.PublishPipeline;
import dev.events.store.EventStore;
import dev.events.store.ProcessCount;
import dev.events.store.ProcessRecord;
import dev.events.store.SubscriptionRecord;
import org.jspecify.annotations.Nullable;

/**
 * The sagas of a bus. A definition is a durable subscriber to the events of its steps, so
 * that retries, dead letters, order and metrics are those of any other; what it adds is
 * the state in the store. Can be started and stopped again and again. Thread-safe.
 */
public final class RegisteredSagas implements Sagas {

	private static final int MAX_PAGE = 1000;

	private static final String PREFIX = Saga.subscription("");

	private final EventStore store;

	private final EventCodec codec;

	private final PublishPipeline pipeline;

	private final String source;

	private final Function<Subscriber<?>, Subscription> subscriptions;

	private final SagaRetries retries;

	private final RecentCounts<List<ProcessCount>> counts;

	private final Map<String, Definition> definitions = new ConcurrentHashMap<>();

	private final DueProcesses due;

	/**
	 * Creates it, without definitions.
	 * @param source source of the events that sagas publish
	 * @param subscriptions registers a subscriber
	 * @param deadLetters those of the bus
	 */
	public RegisteredSagas(EventStore store, EventCodec codec, PublishPipeline pipeline, String source,
			Function<Subscriber<?>, Subscription> subscriptions, DeadLetters deadLetters) {
		this.store = store;
		this.codec = codec;
		this.pipeline = pipeline;
		this.source = source;
		this.subscriptions = subscriptions;
		this.retries = new SagaRetries(store, deadLetters);
		this.counts = new RecentCounts<>(store.processes()::counts, System::nanoTime);
		this.due = new DueProcesses("events-sagas", store, this.definitions.values());
	}

	/** Looks for what is due. */
	public DueProcesses due() {
		return this.due;
	}

	/**
	 * Whether something is due that can be done now. That of a saga which is paused is
	 * not: its events come first.
	 */
	public boolean isBehind() {
		return this.definitions.values().stream().map(Definition::process).anyMatch(this::isBehind);
	}

	private boolean isBehind(String process) {
		return !this.store.processes().due(process, 1).isEmpty()
				&& this.store.subscriptions().find(process).filter(SubscriptionRecord::active).isPresent();
	}

	@Override
	public Subscription register(Saga<?> saga) {
		return add(saga);
	}

	private <S> Subscription add(Saga<S> saga) {
		SagaCounters counters = new SagaCounters();
		SagaSteps<S> steps = new SagaSteps<>(saga, new SagaStates<>(saga, this.codec), this.store, this.pipeline,
				this.source, counters);
		SagaQueue queue = new SagaQueue();
		SagaEvents<S> events = new SagaEvents<>(saga, steps, this.store, queue, counters);
		Subscriber.Builder<Object> subscriber = Subscriber.to(saga.steps().keySet().toArray(String[]::new));
		saga.steps().values().forEach((step) -> subscriber.as(step.eventType(), step.dataType()));
		saga.subscriber().accept(subscriber);
		Subscriber<Object> complete = subscriber.id(saga.subscription())
			.function(EventFunction.answeringNothing(events::handle));
		if (!complete.isDurable()) {
			throw new InvalidSubscriptionException(
					"Saga '" + saga.name() + "' needs a durable subscription; leave out synchronous and broadcast");
		}
		Subscription subscription = this.subscriptions.apply(complete.with((options) -> options.replay(false)));
		Definition definition = new Definition(saga.subscription(), new SagaDeadlines<>(saga, steps, this.store),
				new SagaCompensations<>(saga, steps, this.store, queue), counters);
		if (subscription.isDurable()) {
			// else an operator has switched it off on this node
			this.definitions.put(saga.name(), definition);
		}
		return new Registration(saga.name(), definition, subscription);
	}

	@Override
	public List<SagaStats> stats() {
		Map<String, Map<Status, Long>> stored = new TreeMap<>();
		this.definitions.keySet().forEach((name) -> stored.put(name, new EnumMap<>(Status.class)));
		for (ProcessCount count : this.counts.get()) {
			if (count.process().startsWith(PREFIX)) {
				stored
					.computeIfAbsent(count.process().substring(PREFIX.length()), (name) -> new EnumMap<>(Status.class))
					.merge(SagaRecords.status(count.status()), count.count(), Long::sum);
			}
		}
		List<SagaStats> stats = new ArrayList<>();
		stored.forEach((name, sagas) -> {
			Definition definition = this.definitions.get(name);
			SagaCounters counters = (definition != null) ? definition.counters : new SagaCounters();
			stats.add(counters.stats(name, definition != null, sagas));
		});
		return List.copyOf(stats);
	}

	@Override
	public Page list(String saga, @Nullable Status status, int size, @Nullable String after) {
		if (size < 1 || size > MAX_PAGE) {
			throw new IllegalArgumentException("size is " + size + "; it must be from 1 to " + MAX_PAGE);
		}
		List<ProcessRecord> stored = this.store.processes()
			.list(Saga.subscription(saga), (status != null) ? status.name() : null, after, size + 1);
		boolean more = stored.size() > size;
		List<ProcessRecord> page = more ? stored.subList(0, size) : stored;
		return new Page(page.stream().map((record) -> SagaRecords.info(saga, record)).toList(),
				more ? page.get(page.size() - 1).key() : null);
	}

	@Override
	public Optional<SagaInfo> find(String saga, String key) {
		return this.store.processes()
			.find(Saga.subscription(saga), key)
			.map((record) -> SagaRecords.info(saga, record));
	}

	@Override
	public boolean retry(String saga, String key) {
		return this.retries.retry(Saga.subscription(saga), key);
	}

	@Override
	public boolean retry(String saga, String key, UUID event) {
		return this.retries.retry(Saga.subscription(saga), key, event);
	}

	@Override
	public boolean compensate(String saga, String key, String reason) {
		if (reason.isBlank()) {
			throw new IllegalArgumentException("Say why the saga is compensated; the reason is blank");
		}
		Definition definition = this.definitions.get(saga);
		if (definition == null) {
			throw new IllegalStateException("There is no definition of saga '" + saga
					+ "' on this node, and so no compensations; call this on a node that has it");
		}
		return definition.compensations.compensate(key, reason);
	}

	/**
	 * A definition on this node.
	 */
	private record Definition(String process, SagaDeadlines<?> deadlines, SagaCompensations<?> compensations,
			SagaCounters counters) implements DueProcesses.Kind {

		@Override
		public boolean sweep(List<ProcessRecord> due) {
			return this.deadlines.sweep(due);
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
			RegisteredSagas.this.definitions.remove(this.name, this.definition);
			this.subscription.close();
		}

	}

}
