package dev.events.aggregation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.events.Aggregation;
import dev.events.AggregationStats;
import dev.events.Cancellation;
import dev.events.DeliveryInterceptor;
import dev.events.Event;
import dev.events.EventBatchHandler;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.access.AccessControl;
import dev.events.codec.EventCodec;
import dev.events.delivery.PartitionDelivery;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventEncryption;
import dev.events.observation.AroundHandlers;
import dev.events.observation.EventObservations;
import dev.events.observation.HandlerMdc;
import dev.events.publish.EventForwarder;
import dev.events.publish.PublishPipeline;
import dev.events.publish.PublishTransactions;
import dev.events.publish.ScheduleIntake;
import dev.events.publish.SynchronousSubscribers;
import dev.events.schema.SchemaSettings;
import dev.events.schema.StoredSchemas;
import dev.events.stats.EventCounters;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.Lease;
import dev.events.store.OpenDelivery;
import dev.events.store.PartitionId;
import dev.events.store.StoredEvent;
import dev.events.store.SubscriptionRecord;
import dev.events.upcast.Upcasters;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A node with one aggregation on which the test is the delivery engine: it says which
 * events come when, and when to look for windows that are due.
 */
final class AggregationNode {

	private static final DeliveryChange.Failure FAILURE = new DeliveryChange.Failure("Broken", null, "");

	private static final String NAME = "test-node";

	private final EventStore store;

	private final String subscription;

	private final EventCodec codec;

	private final RegisteredAggregations aggregations;

	private final Subscription registration;

	private final List<Subscriber<?>> subscribers = new ArrayList<>();

	private @Nullable Lease lease;

	AggregationNode(EventStore store, LongSupplier nanoTime, Aggregation<?, ?> aggregation) {
		this.store = store;
		this.subscription = aggregation.subscription();
		JsonMapper mapper = JsonMapper.shared();
		EventEncryption encryption = EventEncryption.of(EncryptionSettings.NONE, store, mapper);
		this.codec = new EventCodec(mapper, 1 << 20, Upcasters.NONE, encryption);
		EventCounters counters = new EventCounters();
		AccessControl access = new AccessControl(List.of(), counters, (event) -> {
		});
		StoredSchemas schemas = new StoredSchemas(store.schemas(), SchemaSettings.DEFAULT, this.codec, mapper,
				Upcasters.NONE);
		ScheduleIntake intake = new ScheduleIntake(store, PublishTransactions.NONE, counters, (due) -> {
		});
		PublishPipeline pipeline = new PublishPipeline(store, this.codec, List.of(), access, schemas.validation(),
				new SynchronousSubscribers(counters,
						new AroundHandlers(new HandlerMdc(false), EventObservations.NONE, DeliveryInterceptor.NONE)),
				EventForwarder.NONE, PublishTransactions.NONE, counters, EventObservations.NONE, intake, () -> {
				});
		this.aggregations = new RegisteredAggregations(store, this.codec, pipeline, "test", (subscriber) -> {
			this.subscribers.add(subscriber);
			return new NoSubscription();
		}, nanoTime);
		this.registration = this.aggregations.register(aggregation);
	}

	/** Delivers events from the log, as the one who has the only partition. */
	void deliver(List<StoredEvent> stored) throws Exception {
		deliver(lease(), false, stored);
	}

	@SuppressWarnings("unchecked") // as the engine does
	void deliver(Lease lease, boolean parked, List<StoredEvent> stored) throws Exception {
		Subscriber<Object> subscriber = (Subscriber<Object>) this.subscribers.get(0);
		EventBatchHandler<Object> handler = subscriber.batchHandler();
		List<Event<Object>> events = stored.stream()
			.map((one) -> this.codec.decode(one.event(), subscriber.dataType(one.event().type())))
			.toList();
		handler.handle(events, new LiveDelivery(lease, parked, stored.stream().map(StoredEvent::position).toList()));
	}

	/** That of the only partition; the subscription is there from then on. */
	Lease lease() {
		Lease known = this.lease;
		if (known == null) {
			this.store.subscriptions()
				.register(
						new SubscriptionRecord(this.subscription, List.of("**"), "method", "{}", true, null, "code", 1),
						StartPosition.BEGINNING);
			known = claim(NAME);
			this.lease = known;
		}
		return known;
	}

	/** The partition is somebody else's from now on. */
	Lease lose() {
		this.store.cursors().release(List.of(lease()));
		return claim("other-node");
	}

	private Lease claim(String node) {
		return this.store.cursors()
			.claim(node, List.of(new PartitionId(this.subscription, 0)), Duration.ofDays(1))
			.get(0);
	}

	/** The cursor has come to a position, and this has become of some deliveries. */
	static void save(EventStore store, Lease lease, long position, DeliveryChange... changes) {
		assertThat(store.cursors().checkpoint(List.of(new Checkpoint(lease, position, List.of(changes))))).isEmpty();
	}

	/** The delivery has failed. */
	static DeliveryChange park(StoredEvent stored) {
		return new DeliveryChange.Park(UUID.randomUUID(), stored.event(), stored.position(), 1, Duration.ofDays(1),
				FAILURE);
	}

	/** The delivery has failed for the last time. */
	static DeliveryChange bury(StoredEvent stored) {
		return new DeliveryChange.Bury(UUID.randomUUID(), stored.event(), stored.position(), 5, FAILURE, false);
	}

	/** Publishes events without delivering them. */
	List<StoredEvent> append(Event<?>... events) {
		List<EventRecord> records = Stream.of(events)
			.map((event) -> this.codec.encode(event.withSource("test")).record())
			.toList();
		List<Long> positions = this.store.log().append(records);
		return IntStream.range(0, events.length)
			.mapToObj((i) -> new StoredEvent(positions.get(i), records.get(i)))
			.toList();
	}

	/** Publishes events and delivers them together. */
	List<StoredEvent> publish(Event<?>... events) throws Exception {
		List<StoredEvent> stored = append(events);
		deliver(stored);
		return stored;
	}

	/** What is in the log of a type. */
	List<Event<Object>> published(String type) {
		return this.store.log()
			.read(0, this.store.log().head(), 100_000)
			.stream()
			.filter((stored) -> stored.event().type().equals(type))
			.map((stored) -> this.codec.decode(stored.event()))
			.toList();
	}

	void sweep() throws Exception {
		while (this.aggregations.due().sweep().isZero()) {
			// there is more
		}
	}

	/** Takes the definition away. */
	void close() {
		this.registration.close();
	}

	AggregationStats stats() {
		return this.aggregations.stats().get(0);
	}

	private record LiveDelivery(Lease lease, boolean parked, List<Long> positions) implements PartitionDelivery {

		@Override
		public OpenDelivery open() {
			return new OpenDelivery(this.lease, this.positions.get(0), this.parked);
		}

		@Override
		public String subscription() {
			return "s";
		}

		@Override
		public int attempt() {
			return 1;
		}

		@Override
		public Cancellation cancellation() {
			throw new IllegalStateException();
		}

	}

	private record NoSubscription() implements Subscription {

		@Override
		public String id() {
			return "s";
		}

		@Override
		public boolean isDurable() {
			return true;
		}

		@Override
		public void close() {
		}

	}

}
