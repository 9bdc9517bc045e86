package dev.events.observation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.events.Event;
import dev.events.EventPattern;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.SynchronousSubscriberException;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.encryption.EncryptionRule;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventKey;
import dev.events.encryption.EventKeyProvider;
import dev.events.memory.MemoryEventStore;
import dev.events.publish.PublishTransactions;
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

/**
 * The steps of publishing and of delivery, each a part of the one around it, and what
 * they show.
 */
@Timeout(60)
class ObservedStepsTests {

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private DurableEventBus bus(UnaryOperator<EventBusBuilder> options) {
		this.registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				ObservedStepsTests.this.stopped.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		DurableEventBus bus = options
			.apply(DurableEventBus.builder(new MemoryEventStore())
				.retry(new RetryPolicy(2, Duration.ofMillis(10), 1, Duration.ofMillis(10), 0))
				.observations(EventObservations.of(this.registry)))
			.build();
		this.buses.add(bus);
		bus.start();
		return bus;
	}

	private Observation.Context stopped(String name) {
		await().until(() -> all(name).findFirst().isPresent());
		return all(name).findFirst().orElseThrow();
	}

	private Stream<Observation.Context> all(String name) {
		return this.stopped.stream().filter((context) -> name.equals(context.getName()));
	}

	private static Observation.ContextView parent(Observation.Context context) {
		return (context.getParentObservation() != null) ? context.getParentObservation().getContextView() : null;
	}

	@Test
	void appendIsPartOfPublishAndHandleOfDeliver() {
		DurableEventBus bus = bus((builder) -> builder);
		bus.subscribe(Subscriber.to("order.*").id("invoices").handler((event) -> {
		}));
		bus.publish(Event.of("order.placed", 1));
		Observation.Context append = stopped("events.append");
		assertThat(parent(append)).isSameAs(stopped("events.publish"));
		assertThat(append.getContextualName()).isEqualTo("append order.placed");
		assertThat(append.getLowCardinalityKeyValues()).containsExactlyInAnyOrder(
				KeyValue.of("messaging.system", "events"), KeyValue.of("messaging.operation.name", "append"),
				KeyValue.of("messaging.destination.name", "order.placed"), KeyValue.of("events.store", "memory"),
				KeyValue.of("error.type", "none"));
		Observation.Context handle = stopped("events.handle");
		assertThat(parent(handle)).isSameAs(stopped("events.deliver"));
		assertThat(handle.getContextualName()).isEqualTo("handle invoices");
		assertThat(handle.getLowCardinalityKeyValues()).containsExactlyInAnyOrder(
				KeyValue.of("messaging.system", "events"), KeyValue.of("messaging.operation.name", "handle"),
				KeyValue.of("messaging.destination.name", "order.placed"),
				KeyValue.of("messaging.consumer.group.name", "invoices"), KeyValue.of("error.type", "none"));
	}

	@Test
	void whatTheStoreTakesAfterTheCommitIsObservedThen() {
		OneTransaction transaction = new OneTransaction();
		DurableEventBus bus = bus((builder) -> builder.transactions(transaction));
		bus.publish(Event.of("order.placed", 1));
		stopped("events.publish");
		assertThat(all("events.append")).isEmpty();
		transaction.commit();
		assertThat(all("events.append")).hasSize(1);
		assertThat(bus.history("order.*", 10)).hasSize(1);
	}

	@Test
	void theWriterOfTheBufferRunsNoCodeOfThoseThatObserve() throws Exception {
		DurableEventBus bus = bus((builder) -> builder);
		bus.publishAsync(Event.of("order.placed", 1)).get(10, TimeUnit.SECONDS);
		stopped("events.publish");
		assertThat(all("events.append")).isEmpty();
	}

	@Test
	void errorsOfEncryptedEventsDoNotQuoteThem() {
		EventKey key = new EventKey("k1", new byte[32]);
		DurableEventBus bus = bus(
				(builder) -> builder.encryption(new EncryptionSettings(EventKeyProvider.of(List.of(key), "k1"),
						List.of(new EncryptionRule(EventPattern.of("user.*"), List.of(), null)), Duration.ZERO)));
		bus.subscribe(Subscriber.to("*.registered").id("mail").handler((event) -> {
			throw new IllegalStateException("cannot mail " + event.data(),
					new IllegalArgumentException("" + event.data()));
		}));
		bus.publish(Event.of("user.registered", Map.of("email", "jane@example.org")));
		await().until(() -> all("events.deliver").count() == 2);
		assertNotQuoted();
		assertThat(all("events.deliver").toList().get(0).getError().getStackTrace()[0].getClassName())
			.contains("ObservedStepsTests");
		assertThat(stopped("events.deliver").getLowCardinalityKeyValue("error.type").getValue())
			.isEqualTo("java.lang.IllegalStateException");
		// of others it is shown what went wrong
		bus.publish(Event.of("shop.registered", "corner shop"));
		await().until(() -> all("events.deliver").count() == 4);
		assertThat(all("events.deliver").toList().get(3).getError()).hasMessage("cannot mail corner shop");
		this.stopped.clear();
		bus.subscribe(Subscriber.to("user.*").id("check").synchronous().handler((event) -> {
			throw new IllegalStateException("no " + event.data());
		}));
		Event<?> refused = Event.of("user.registered", Map.of("email", "jane@example.org"));
		assertThatExceptionOfType(SynchronousSubscriberException.class).isThrownBy(() -> bus.publish(refused));
		stopped("events.publish");
		assertNotQuoted();
	}

	private void assertNotQuoted() {
		assertThat(this.stopped).filteredOn((context) -> context.getError() != null)
			.isNotEmpty()
			.allSatisfy((context) -> assertThat(context.getError()).hasStackTraceContaining("IllegalStateException")
				.extracting((error) -> {
					java.io.StringWriter text = new java.io.StringWriter();
					error.printStackTrace(new java.io.PrintWriter(text));
					return text.toString() + context;
				})
				.asString()
				.doesNotContain("jane@example.org"));
	}

	@Test
	void typesBeyondABoundShareOneName() {
		DurableEventBus bus = bus((builder) -> builder);
		List<Event<Integer>> events = IntStream.range(0, 1500).mapToObj((i) -> Event.of("type" + i, i)).toList();
		events.forEach(bus::publish);
		List<String> names = all("events.publish")
			.map((context) -> context.getLowCardinalityKeyValue("messaging.destination.name").getValue())
			.distinct()
			.toList();
		assertThat(names).hasSize(1001).endsWith("(other)");
		assertThat(all("events.publish").map(Observation.Context::getContextualName).distinct()).hasSize(1001);
		assertThat(all("events.append").map(Observation.Context::getContextualName).distinct()).hasSize(1001);
	}

	/** Of the only thread that publishes. */
	private static final class OneTransaction implements PublishTransactions {

		private Participant participant;

		@Override
		public boolean isActive() {
			return true;
		}

		@Override
		public void afterCompletion(Runnable onCommit, Runnable onRollback, Runnable onUnknown) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Participant participant(Object key) {
			return this.participant;
		}

		@Override
		public void enlist(Object key, Participant participant) {
			this.participant = participant;
		}

		void commit() {
			this.participant.ended(true);
		}

	}

}
