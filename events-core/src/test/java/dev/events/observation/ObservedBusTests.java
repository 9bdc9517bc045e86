package dev.events.observation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.Aggregation;
import dev.events.Event;
import dev.events.EventException;
import dev.events.Publication;
import dev.events.RetryPolicy;
import dev.events.Saga;
import dev.events.Subscriber;
import dev.events.SynchronousSubscriberException;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.memory.MemoryEventStore;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class ObservedBusTests {

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final Watcher watcher = new Watcher();

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private DurableEventBus observed() {
		this.registry.observationConfig().observationHandler(this.watcher);
		return started(builder());
	}

	private EventBusBuilder builder() {
		return DurableEventBus.builder(new MemoryEventStore())
			.source("shop")
			.retry(new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0))
			.observations(EventObservations.of(this.registry));
	}

	private DurableEventBus started(EventBusBuilder builder) {
		DurableEventBus bus = builder.build();
		this.buses.add(bus);
		bus.start();
		return bus;
	}

	@Test
	void theTraceOfThePublisherIsPartOfTheEvent() {
		DurableEventBus bus = observed();
		Publication publication = bus.publish(Event.of("order.placed", 1).withMetadata("region", "eu"));
		assertThat(publication.event().metadata())
			.containsExactlyInAnyOrderEntriesOf(Map.of("region", "eu", "traceparent", "trace-1", "baggage", "b-1"));
		assertThat(bus.history("**", 1).get(0).metadata()).containsEntry("traceparent", "trace-1");
		assertThat(this.watcher.stopped).hasSize(1);
		Observation.Context context = this.watcher.stopped.get(0);
		assertThat(context.getName()).isEqualTo("events.publish");
		assertThat(context.getContextualName()).isEqualTo("publish order.placed");
		assertThat(context.getLowCardinalityKeyValues()).containsExactlyInAnyOrder(
				KeyValue.of("messaging.system", "events"), KeyValue.of("messaging.operation.name", "publish"),
				KeyValue.of("messaging.operation.type", "send"),
				KeyValue.of("messaging.destination.name", "order.placed"), KeyValue.of("events.outcome", "stored"),
				KeyValue.of("error.type", "none"));
		String id = publication.event().id().toString();
		assertThat(context.getHighCardinalityKeyValues()).containsExactlyInAnyOrder(
				KeyValue.of("messaging.message.id", id), KeyValue.of("messaging.message.conversation_id", id),
				KeyValue.of("events.source", "shop"));
	}

	@Test
	void everyWayToPublishIsObserved() throws Exception {
		DurableEventBus bus = observed();
		bus.publishAll(List.of(Event.of("a", 1), Event.of("b", 1)));
		bus.from("plugin").publishAsync(Event.of("c", 1)).get(10, TimeUnit.SECONDS);
		await().until(() -> this.watcher.stopped.size() == 2);
		bus.publishIn(Duration.ofHours(1), Event.of("d", 1));
		bus.publishAndForget(Event.of("e", 1));
		await().until(() -> this.watcher.stopped.size() == 4);
		assertThat(this.watcher.stopped).extracting(Observation.Context::getContextualName)
			.containsExactly("publish", "publish c", "publish d", "publish e");
		assertThat(this.watcher.stopped).extracting((context) -> value(context, "events.outcome"))
			.containsExactly("stored", "stored", "scheduled", "stored");
		assertThat(this.watcher.stopped.get(0).getHighCardinalityKeyValue("messaging.batch.message_count"))
			.isEqualTo(KeyValue.of("messaging.batch.message_count", "2"));
		assertThat(bus.history("**", 10))
			.extracting((event) -> event.type() + " " + event.metadata().get("traceparent"))
			.containsExactly("e trace-4", "c trace-2", "b trace-1", "a trace-1");
		assertThat(bus.scheduled().list(1, null).events().get(0).event().metadata()).containsEntry("traceparent",
				"trace-3");
	}

	@Test
	void whatSagasAndAggregationsPublishIsObservedToo() {
		DurableEventBus bus = observed();
		bus.sagas()
			.register(Saga.named("orders", Integer.class)
				.correlateBy(Event::key)
				.startsOn("order.placed", (event, saga) -> {
					saga.publish(Event.of("payment.requested", 1));
					return 1;
				})
				.build());
		bus.aggregations()
			.register(Aggregation.named("count")
				.on("order.placed")
				.tumbling(Duration.ofMinutes(1))
				.into(Integer.class, () -> 0, (count, event) -> count + 1)
				.maxEvents(1)
				.publishAs("orders.counted", (count, window) -> count));
		bus.publish(Event.of("order.placed", 1).withKey("k"));
		await().until(() -> bus.history("**", 10).size() == 3);
		assertThat(bus.history("**", 10))
			.allSatisfy((event) -> assertThat(event.metadata()).containsKey("traceparent"));
		await().untilAsserted(() -> assertThat(this.watcher.stopped).extracting(Observation.Context::getContextualName)
			.contains("publish payment.requested", "publish orders.counted"));
		assertThat(this.watcher.stopped).filteredOn((context) -> context.getName().equals("events.publish"))
			.extracting((context) -> value(context, "events.outcome"))
			.containsOnly("stored");
	}

	@Test
	void whoBringsATraceKeepsIt() {
		DurableEventBus bus = observed();
		Event<Integer> foreign = Event.of("order.placed", 1).withMetadata("traceparent", "foreign");
		assertThat(bus.publish(foreign).event().metadata()).isEqualTo(Map.of("traceparent", "foreign"));
	}

	@Test
	void metadataPassedOnByAHandlerDoesNotCarryItsOldTrace() {
		DurableEventBus bus = observed();
		bus.subscribe(Subscriber.to("order.placed")
			.id("forward")
			.function((event, delivery) -> Event.of("order.forwarded", 1).withMetadata(event.metadata())));
		bus.publish(Event.of("order.placed", 1).withMetadata("region", "eu"));
		await().until(() -> bus.history("order.forwarded", 1).size() == 1);
		assertThat(bus.history("order.forwarded", 1).get(0).metadata())
			.isEqualTo(Map.of("region", "eu", "traceparent", "trace-2", "baggage", "b-2"));
		await().until(() -> this.watcher.stopped.size() == 3);
		// the answer is published while the delivery is the current observation
		Observation.Context answer = this.watcher.stopped.get(1);
		assertThat(answer.getContextualName()).isEqualTo("publish order.forwarded");
		assertThat(answer.getParentObservation()).isNotNull();
		assertThat(answer.getParentObservation().getContextView().getName()).isEqualTo("events.deliver");
	}

	@Test
	void everyAttemptIsObservedAndGoesOnWithTheTrace() {
		DurableEventBus bus = observed();
		AtomicInteger calls = new AtomicInteger();
		bus.subscribe(Subscriber.to("order.*").id("invoices").handler((event) -> {
			if (calls.incrementAndGet() == 1) {
				throw new IllegalStateException("printer jam");
			}
		}));
		bus.publish(Event.of("order.placed", 1));
		await().until(() -> this.watcher.deliveries().size() == 2);
		assertThat(this.watcher.deliveries()).allSatisfy((delivery) -> {
			assertThat(delivery.getName()).isEqualTo("events.deliver");
			assertThat(delivery.getContextualName()).isEqualTo("deliver order.placed");
			assertThat(delivery.getGetter().get(delivery.getCarrier(), "traceparent")).isEqualTo("trace-1");
			assertThat(delivery.getLowCardinalityKeyValues()).contains(KeyValue.of("messaging.system", "events"),
					KeyValue.of("messaging.operation.name", "deliver"),
					KeyValue.of("messaging.operation.type", "process"),
					KeyValue.of("messaging.destination.name", "order.placed"),
					KeyValue.of("messaging.consumer.group.name", "invoices"), KeyValue.of("events.replay", "false"));
		});
		assertThat(this.watcher.deliveries()).extracting((delivery) -> value(delivery, "events.attempt"))
			.containsExactly("1", "2");
		assertThat(this.watcher.deliveries()).extracting((delivery) -> value(delivery, "error.type"))
			.containsExactly("java.lang.IllegalStateException", "none");
		assertThat(this.watcher.deliveries().get(0).getError()).hasMessage("printer jam");
		assertThat(this.watcher.deliveries().get(1).getError()).isNull();
	}

	@Test
	void batchesAndReplaysHaveTracesOfTheirOwn() {
		DurableEventBus bus = observed();
		bus.subscribe(Subscriber.to("order.*").id("list").batch(10).batchHandler((events) -> {
		}));
		bus.subscribe(Subscriber.to("user.*").id("one").handler((event) -> {
		}));
		bus.publish(Event.of("order.placed", 1));
		bus.publish(Event.of("user.created", 1));
		await().until(() -> this.watcher.deliveries().size() == 2);
		bus.replay().subscriber("one").start();
		await().until(() -> this.watcher.deliveries().size() == 3);
		assertThat(this.watcher.deliveries()).filteredOn(EventDeliveryContext::isLinked)
			.extracting(EventDeliveryContext::subscription)
			.containsExactly("list", "one");
		assertThat(this.watcher.deliveries()).filteredOn(EventDeliveryContext::isLinked).allSatisfy((delivery) -> {
			assertThat(delivery.getCarrier()).isEmpty();
			assertThat(delivery.events().get(0).metadata()).containsKey("traceparent");
		});
		assertThat(value(this.watcher.deliveries().get(2), "events.replay")).isEqualTo("true");
	}

	@Test
	void synchronousSubscribersAreObserved() {
		DurableEventBus bus = observed();
		bus.subscribe(Subscriber.to("order.*").id("check").synchronous().handler((event) -> {
			throw new IllegalStateException("no");
		}));
		assertThatExceptionOfType(SynchronousSubscriberException.class)
			.isThrownBy(() -> bus.publish(Event.of("order.placed", 1)));
		assertThat(this.watcher.stopped).extracting(Observation.Context::getName)
			.containsExactly("events.deliver", "events.publish");
		assertThat(this.watcher.stopped.get(0).getError()).hasMessage("no");
		assertThat(this.watcher.stopped.get(1).getError()).isInstanceOf(SynchronousSubscriberException.class);
		assertThat(value(this.watcher.stopped.get(1), "events.outcome")).isEqualTo("none");
	}

	@Test
	void generatedIdsAreNoTags() {
		DurableEventBus bus = observed();
		bus.subscribe("order.*", (event) -> {
		});
		bus.publish(Event.of("order.placed", 1));
		await().until(() -> this.watcher.deliveries().size() == 1);
		assertThat(value(this.watcher.deliveries().get(0), "messaging.consumer.group.name")).isEqualTo("none");
	}

	@Test
	void conventionsCanBeReplaced() {
		this.registry.observationConfig().observationHandler(this.watcher);
		DurableEventBus bus = started(builder()
			.observations(EventObservations.of(this.registry).withConventions(new DefaultEventPublishConvention() {

				@Override
				public String getName() {
					return "shop.publish";
				}

			}, null)));
		bus.publish(Event.of("order.placed", 1));
		assertThat(this.watcher.stopped).extracting(Observation.Context::getName).containsExactly("shop.publish");
	}

	@Test
	void nobodyWatching() {
		DurableEventBus bus = started(builder());
		CompletableFuture<Event<Object>> received = new CompletableFuture<>();
		bus.subscribe("order.*", received::complete);
		assertThat(bus.publish(Event.of("order.placed", 1)).event().metadata()).isEmpty();
		await().until(received::isDone);
		assertThat(EventObservations.of(this.registry).deliver("s", true, List.of(), false, 1, false))
			.isSameAs(Observed.NONE);
	}

	private static String value(Observation.Context context, String key) {
		return context.getAllKeyValues()
			.stream()
			.filter((value) -> value.getKey().equals(key))
			.map(KeyValue::getValue)
			.findFirst()
			.orElseThrow();
	}

	/** Gives every publication a trace, as a tracer does. */
	private static final class Watcher implements ObservationHandler<Observation.Context> {

		private final AtomicInteger traces = new AtomicInteger();

		private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

		@Override
		public void onStart(Observation.Context context) {
			if (context instanceof EventPublishContext publish) {
				int trace = this.traces.incrementAndGet();
				publish.getSetter().set(publish.getCarrier(), "traceparent", "trace-" + trace);
				publish.getSetter().set(publish.getCarrier(), "baggage", "b-" + trace);
			}
		}

		@Override
		public void onStop(Observation.Context context) {
			this.stopped.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof EventPublishContext || context instanceof EventDeliveryContext;
		}

		List<EventDeliveryContext> deliveries() {
			return this.stopped.stream()
				.filter(EventDeliveryContext.class::isInstance)
				.map(EventDeliveryContext.class::cast)
				.toList();
		}

	}

}
