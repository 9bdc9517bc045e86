package dev.events.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.events.Aggregations;
import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.DataSubjects;
import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventHandler;
import dev.events.EventPublisher;
import dev.events.EventQuery;
import dev.events.EventReplay;
import dev.events.EventRequest;
import dev.events.EventStats;
import dev.events.Publication;
import dev.events.Replays;
import dev.events.Sagas;
import dev.events.ScheduledEvents;
import dev.events.SchemaRegistry;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.SubscriptionInfo;
import dev.events.Subscriptions;
import dev.events.access.AccessControl;
import dev.events.aggregation.RegisteredAggregations;
import dev.events.batch.Emitters;
import dev.events.codec.EventCodec;
import dev.events.connector.Connectors;
import dev.events.connector.SubscriptionKeeper;
import dev.events.delivery.DeliveryEngine;
import dev.events.delivery.RecentCounts;
import dev.events.encryption.EventEncryption;
import dev.events.observation.AroundHandlers;
import dev.events.observation.EventObservations;
import dev.events.publish.BufferedPublisher;
import dev.events.publish.PublishPipeline;
import dev.events.publish.PublishTransactions;
import dev.events.publish.ScheduleIntake;
import dev.events.publish.SynchronousSubscribers;
import dev.events.request.Requests;
import dev.events.retention.Retention;
import dev.events.retention.RetentionReport;
import dev.events.saga.RegisteredSagas;
import dev.events.schedule.ScheduleRelease;
import dev.events.schedule.StoredSchedule;
import dev.events.schema.StoredSchemas;
import dev.events.stats.EventCounters;
import dev.events.store.EventStore;
import dev.events.store.NodeRecord;
import dev.events.upcast.Upcasters;
import org.jspecify.annotations.Nullable;

/**
 * The event bus over a store. Publishing works from the moment it is built; delivery
 * begins with {@link #start()}. Thread-safe.
 *
 * <pre>{@code
 * DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).source("shop").build();
 * bus.subscribe(Subscriber.to("order.*").id("invoices").handler(event -> …));
 * bus.start();
 * }</pre>
 */
public final class DurableEventBus implements EventBus, AutoCloseable {

	private final EventStore store;

	private final String node;

	private final EventCodec codec;

	private final DataSubjects dataSubjects;

	private final StoredSchemas schemas;

	private final EventCounters counters;

	private final AccessControl access;

	private final Registrations registrations;

	private final DeliveryEngine engine;

	private final SubscriptionKeeper keeper;

	private final DefinedSubscriptions defined;

	private final BufferedPublisher buffer;

	private final EventPublisher publisher;

	private final EventObservations observations;

	private final PublishPipeline pipeline;

	private final PublishTransactions transactions;

	private final ScheduleRelease release;

	private final ScheduledEvents scheduled;

	private final RecentCounts<Long> scheduledCount;

	private final Retention retention;

	private final RegisteredSagas sagas;

	private final RegisteredAggregations aggregations;

	private final Requests requests;

	private final Emitters emitters;

	DurableEventBus(EventBusBuilder options) {
		this.store = options.store;
		this.node = options.nodeId;
		this.transactions = options.transactions;
		this.counters = new EventCounters();
		this.observations = options.observations;
		Upcasters upcasters = Upcasters.of(options.upcasters);
		EventEncryption encryption = EventEncryption.of(options.encryption, this.store, options.jsonMapper);
		this.codec = new EventCodec(options.jsonMapper, options.publishing.maxPayloadSize(), upcasters, encryption);
		this.dataSubjects = new StoredDataSubjects(encryption, this.store, this.transactions);
		this.schemas = new StoredSchemas(this.store.schemas(), options.schemas, this.codec, options.jsonMapper,
				upcasters);
		this.access = new AccessControl(options.accessPolicies, this.counters, this::publishAudit);
		AroundHandlers around = new AroundHandlers(options.mdc, this.observations, options.deliveryInterceptor);
		SynchronousSubscribers synchronous = new SynchronousSubscribers(this.counters, around);
		this.engine = new DeliveryEngine(this.store, this.codec, this.node, options.delivery, options.retry,
				this.counters, this.access, around, options.ephemeralStore, this::publishAnswers,
				options.deliveryTransactions, options.workers);
		Connectors connectors = new Connectors(options.connectors, options.retry);
		this.keeper = new SubscriptionKeeper(this.store, connectors, this.engine, this::subscriptionsChanged);
		this.engine.onPartitions(this.keeper::wake);
		this.defined = new DefinedSubscriptions(this.store.subscriptions(), connectors, options.delivery.partitions(),
				this.keeper::details, this::subscriptionsChanged);
		this.registrations = new Registrations(this.engine, synchronous, options.overrides,
				options.maxSubscribersPerType);
		this.release = new ScheduleRelease(this.store, this.counters, this.engine::wake);
		ScheduleIntake intake = new ScheduleIntake(this.store, options.transactions, this.counters, this.release::wake);
		this.scheduled = new StoredSchedule(this.store.schedule(), intake);
		this.scheduledCount = new RecentCounts<>(this.scheduled::count, System::nanoTime);
		this.retention = new Retention(this.store, this.node, options.retention);
		this.pipeline = new PublishPipeline(this.store, this.codec, options.interceptors, this.access,
				this.schemas.validation(), synchronous, options.forwarder, options.transactions, this.counters,
				this.observations, intake, this.engine::wake);
		this.buffer = new BufferedPublisher(this.pipeline, options.publishing, options.delivery.shutdownTimeout());
		this.publisher = publisher(options.source);
		this.sagas = new RegisteredSagas(this.store, this.codec, this.pipeline, options.source, this.registrations::add,
				deadLetters());
		this.aggregations = new RegisteredAggregations(this.store, this.codec, this.pipeline, options.source,
				this.registrations::add);
		this.emitters = new Emitters(this::publish, options.delivery.shutdownTimeout(), options.ticker);
		this.requests = new Requests(this.node, options.requests, this.codec, this::subscribe, this::publish,
				this.transactions::isActive,
				new KnownResponders(this.registrations, this.store.subscriptions(), this.node, System::nanoTime));
	}

	/** Begins to build a bus. */
	public static EventBusBuilder builder(EventStore store) {
		return new EventBusBuilder(store);
	}

	private void publishAudit(Event<?> event) {
		this.publisher.publish(event);
	}

	private void publishAnswers(List<Object> events) {
		this.publisher.publishAll(events);
	}

	/**
	 * Begins to deliver. Does nothing when it does so already.
	 * @throws dev.events.EventStoreException when the store cannot be reached
	 */
	public void start() {
		this.engine.start();
		this.keeper.start();
		this.release.start();
		this.sagas.due().start(this.node);
		this.aggregations.due().start(this.node);
		this.retention.start();
		this.requests.start();
	}

	/**
	 * Ends delivery: nothing new is taken, running handlers may finish for the time that
	 * the settings allow, progress is saved, partitions are given up. Publishing still
	 * works, and {@link #start()} goes on where this ended.
	 */
	public void stop() {
		// first, for handlers may wait for answers, and there will be none
		this.requests.stop();
		this.retention.stop();
		this.aggregations.due().stop();
		this.sagas.due().stop();
		this.release.stop();
		this.keeper.stop();
		this.engine.stop();
	}

	/** Whether events are delivered. */
	public boolean isRunning() {
		return this.engine.isRunning();
	}

	/**
	 * What this node could do now and has not done yet: changes of subscriptions to take
	 * up, events to deliver and to replay, handlers that run, retries and scheduled
	 * events that are due. Empty when it is quiet, and when it is not running. What waits
	 * for its time is not pending, nor is what {@link #publishAsync} has not stored yet.
	 * Costs several reads of the store; meant for tests and maintenance, on a node that
	 * is alone: partitions that another node serves are pending here.
	 * @return one line for people about each
	 */
	public List<String> pending() {
		if (!isRunning()) {
			return List.of();
		}
		List<String> pending = new ArrayList<>();
		if (this.keeper.isBehind()) {
			pending.add("subscriptions have changed in the store");
		}
		pending.addAll(this.engine.pending());
		if (this.release.isBehind()) {
			pending.add("scheduled events are due");
		}
		if (this.sagas.isBehind()) {
			pending.add("sagas are due");
		}
		if (this.aggregations.due().isBehind()) {
			pending.add("aggregations are due");
		}
		if (this.emitters.isBehind()) {
			pending.add("items are to be emitted");
		}
		return pending;
	}

	/**
	 * Whether this node has taken up what was changed in the store by then: subscriptions
	 * and their partitions, pauses, and moves of cursors. So nothing is handled any more
	 * that should not be. As {@link #pending()}, for tests and maintenance.
	 */
	public boolean isSettled() {
		return !isRunning() || !this.keeper.isBehind() && this.engine.isSettled();
	}

	/**
	 * Looks at once at everything that waits for its time. Otherwise that is noticed
	 * within a second; only who moves the clock of the store needs this.
	 */
	public void clockMoved() {
		this.keeper.wake();
		this.engine.wakeDue();
		this.engine.wakePartitions();
		this.release.wake();
		this.sagas.due().wake();
		this.aggregations.due().wake();
		this.emitters.wake();
	}

	/** Ends delivery and asynchronous publishing; what is buffered is published first. */
	@Override
	public void close() {
		stop();
		// handlers, which may have added to them, have ended
		this.emitters.close();
		this.keeper.close();
		this.access.close();
		this.buffer.close();
	}

	@Override
	public Publication publish(Object event) {
		return this.publisher.publish(event);
	}

	@Override
	public List<Publication> publishAll(Collection<?> events) {
		return this.publisher.publishAll(events);
	}

	@Override
	public CompletableFuture<Publication> publishAsync(Object event) {
		return this.publisher.publishAsync(event);
	}

	@Override
	public void publishAndForget(Object event) {
		this.publisher.publishAndForget(event);
	}

	@Override
	public Publication publishAt(Instant dueAt, Object event) {
		return this.publisher.publishAt(dueAt, event);
	}

	@Override
	public Publication publishIn(Duration delay, Object event) {
		return this.publisher.publishIn(delay, event);
	}

	@Override
	public EventRequest<Object> request(Object event) {
		return this.requests.request(event);
	}

	@Override
	public <T> BatchEmitter<T> batch(String type, BatchOptions options) {
		return this.emitters.open(type, options);
	}

	@Override
	public EventPublisher from(String source) {
		return publisher(source);
	}

	private EventPublisher publisher(String source) {
		EventPublisher publisher = new SourcePublisher(this.pipeline, this.buffer, source);
		return (this.observations != EventObservations.NONE)
				? new ObservedPublisher(publisher, source, this.observations, this.codec) : publisher;
	}

	@Override
	public Subscription subscribe(String pattern, EventHandler<Object> handler) {
		return subscribe(Subscriber.to(pattern).handler(handler));
	}

	@Override
	public <T> Subscription subscribe(Class<T> dataType, EventHandler<T> handler) {
		return subscribe(Subscriber.to(dataType).handler(handler));
	}

	@Override
	public Subscription subscribe(Subscriber<?> subscriber) {
		return this.registrations.add(subscriber);
	}

	@Override
	public Subscriptions subscriptions() {
		return new StoredSubscriptions(this.store, this.defined, this::subscriptionInfos, this::subscriptionsChanged);
	}

	@Override
	public EventQuery query() {
		return StoreQuery.all(this.store.log(), this.codec);
	}

	@Override
	public List<Event<Object>> history(String typePattern, int limit) {
		return query().type(typePattern).newestFirst().list(limit);
	}

	@Override
	public ScheduledEvents scheduled() {
		return this.scheduled;
	}

	@Override
	public DeadLetters deadLetters() {
		return new StoredDeadLetters(this.store.deliveries(), this.codec, this.access, this.schemas.validation(),
				this::wakeDue);
	}

	@Override
	public EventReplay replay() {
		return ReplayRequest.all(this.store, this::wakePartitions);
	}

	@Override
	public Replays replays() {
		return new StoredReplays(this.store.replays(), this::wakePartitions);
	}

	@Override
	public Sagas sagas() {
		return this.sagas;
	}

	@Override
	public Aggregations aggregations() {
		return this.aggregations;
	}

	private void wakeDue() {
		wake(this.engine::wakeDue);
	}

	private void subscriptionsChanged() {
		wake(() -> {
			this.keeper.wake();
			this.engine.wakePartitions();
		});
	}

	private void wakePartitions() {
		wake(this.engine::wakePartitions);
	}

	private void wake(Runnable wakeUp) {
		if (this.transactions.isActive()) {
			this.transactions.afterCompletion(wakeUp, () -> {
			});
		}
		else {
			wakeUp.run();
		}
	}

	@Override
	public DataSubjects dataSubjects() {
		return this.dataSubjects;
	}

	@Override
	public SchemaRegistry schemas() {
		return this.schemas;
	}

	@Override
	public EventStats stats() {
		List<SubscriptionInfo> subscriptions = subscriptionInfos();
		long deadLetters = subscriptions.stream().mapToLong(SubscriptionInfo::deadLetters).sum();
		List<EventStats.Node> nodes = this.store.nodes().list().stream().map(this::node).toList();
		return new EventStats(this.store.name(), this.counters.totalPublished(), this.counters.totalDelivered(),
				this.counters.totalFailed(), this.counters.totalCancelled(), this.counters.totalDropped(),
				this.counters.totalRejected(), this.counters.totalRefused(), this.counters.totalDuplicates(),
				this.counters.totalDeferred(), this.counters.totalLost(), this.counters.totalUnknown(),
				this.counters.totalErased(), this.scheduledCount.get(), deadLetters, this.store.log().head(),
				this.counters.types(), subscriptions, nodes, retention(), this.requests.stats(), this.emitters.stats());
	}

	private EventStats.@Nullable Retention retention() {
		if (!this.retention.isLimited()) {
			return null;
		}
		RetentionReport report = this.retention.report();
		return new EventStats.Retention(report.deleted(), report.heldBack(), report.heldBackBy());
	}

	private EventStats.Node node(NodeRecord record) {
		return new EventStats.Node(record.id(), record.startedAt(), record.seenAt(), record.id().equals(this.node));
	}

	private List<SubscriptionInfo> subscriptionInfos() {
		List<SubscriptionInfo> infos = new ArrayList<>(this.engine.subscriptions(this.keeper::problem));
		infos.addAll(this.registrations.synchronousOnes(this.counters));
		return List.copyOf(infos);
	}

}
