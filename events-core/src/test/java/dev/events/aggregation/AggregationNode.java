package dev.events.aggregation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.events.Aggregation;
import dev.events.AggregationStats;
import dev.events.Cancellation;
import dev.events.Delivery;
import dev.events.DeliveryInterceptor;
import dev.events.Event;
import dev.events.EventBatchHandler;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.access.AccessControl;
import dev.events.codec.EventCodec;
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
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.StoredEvent;
import dev.events.upcast.Upcasters;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node with one aggregation on which the test is the delivery engine: it says which
 * events come when, and when to look for windows that are due.
 */
final class AggregationNode {

	private final EventStore store;

	private final EventCodec codec;

	private final RegisteredAggregations aggregations;

	private final Subscription registration;

	private final List<Subscriber<?>> subscribers = new ArrayList<>();

	AggregationNode(EventStore store, LongSupplier nanoTime, Aggregation<?, ?> aggregation) {
		this.store = store;
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

	@SuppressWarnings("unchecked") // as the engine does
	void deliver(List<StoredEvent> stored) throws Exception {
		Subscriber<Object> subscriber = (Subscriber<Object>) this.subscribers.get(0);
		EventBatchHandler<Object> handler = subscriber.batchHandler();
		List<Event<Object>> events = stored.stream()
			.map((one) -> this.codec.decode(one.event(), subscriber.dataType(one.event().type())))
			.toList();
		handler.handle(events, new LiveDelivery());
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

	private record LiveDelivery() implements Delivery {

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
