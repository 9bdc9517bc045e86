package dev.events.observation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.events.Event;
import dev.events.EventException;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever those throw that observe, and wherever: every event is stored and handled
 * once, and no thread is left with an observation that is over.
 */
@Timeout(60)
class BrokenObserversTests {

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<Observation> leftInWorkers = new CopyOnWriteArrayList<>();

	enum Place {

		START, SCOPE_OPENED, ERROR, SCOPE_CLOSED, STOP, SUPPORTS, PREDICATE, FILTER, CONVENTION, CARRIER

	}

	static Stream<Supplier<Throwable>> problems() {
		return Stream.of(() -> new IllegalStateException("the tracer is broken"),
				() -> new NoClassDefFoundError("the tracer is not there"));
	}

	@ParameterizedTest
	@EnumSource
	void whatIsThrownChangesNothing(Place place) throws Exception {
		problems()
			.forEach((problem) -> this.registry.observationConfig().observationHandler(new Broken(place, problem)));
		breakRegistry(place);
		publishAndDeliver(place == Place.CONVENTION);
	}

	@ParameterizedTest
	@MethodSource("problems")
	void allAtOnce(Supplier<Throwable> problem) throws Exception {
		for (Place place : Place.values()) {
			this.registry.observationConfig().observationHandler(new Broken(place, problem));
			breakRegistry(place);
		}
		publishAndDeliver(true);
	}

	private void breakRegistry(Place place) {
		if (place == Place.PREDICATE) {
			this.registry.observationConfig().observationPredicate((name, context) -> {
				throw new IllegalStateException("the predicate is broken");
			});
		}
		if (place == Place.FILTER) {
			this.registry.observationConfig().observationFilter((context) -> {
				throw new IllegalStateException("the filter is broken");
			});
		}
	}

	private EventObservations observations(boolean brokenConventions) {
		EventObservations observations = EventObservations.of(this.registry);
		if (!brokenConventions) {
			return observations;
		}
		return observations.withConventions(new DefaultEventPublishConvention() {

			@Override
			public KeyValues getLowCardinalityKeyValues(EventPublishContext context) {
				throw new IllegalStateException("the convention is broken");
			}

		}, new DefaultEventDeliveryConvention() {

			@Override
			public String getContextualName(EventDeliveryContext context) {
				throw new IllegalStateException("the convention is broken");
			}

		});
	}

	private void publishAndDeliver(boolean brokenConventions) throws Exception {
		try (DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore())
			.retry(new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0))
			.observations(observations(brokenConventions))
			.workers((task) -> new Thread(() -> {
				task.run();
				Observation left = this.registry.getCurrentObservation();
				if (left != null) {
					this.leftInWorkers.add(left);
				}
			}).start())
			.build()) {
			bus.start();
			List<String> handled = new CopyOnWriteArrayList<>();
			List<String> synchronous = new CopyOnWriteArrayList<>();
			bus.subscribe(Subscriber.to("order.*").id("s").partitions(1).function((event, delivery) -> {
				handled.add(event.data() + "/" + delivery.attempt());
				if (event.data().equals(1) && delivery.attempt() == 1) {
					throw new EventException("first");
				}
				return null;
			}));
			bus.subscribe(Subscriber.to("order.*")
				.id("now")
				.synchronous()
				.handler((event) -> synchronous.add(String.valueOf(event.data()))));
			assertThat(bus.publish(Event.of("order.placed", 1)).isStored()).isTrue();
			assertThat(this.registry.getCurrentObservation()).isNull();
			assertThat(bus.publishAsync(Event.of("order.placed", 2)).get(10, TimeUnit.SECONDS).isStored()).isTrue();
			assertThat(this.registry.getCurrentObservation()).isNull();
			await().until(() -> bus.stats().delivered() == 4 && handled.size() == 3);
			assertThat(handled).containsExactlyInAnyOrder("1/1", "1/2", "2/1");
			assertThat(synchronous).containsExactly("1", "2");
			assertThat(bus.history("order.*", 10)).hasSize(2);
		}
		assertThat(this.leftInWorkers).isEmpty();
	}

	private record Broken(Place place, Supplier<Throwable> problem) implements ObservationHandler<Observation.Context> {

		private void at(Place here) {
			if (this.place == here) {
				sneak(this.problem.get());
			}
		}

		@SuppressWarnings("unchecked")
		private static <E extends Throwable> void sneak(Throwable problem) throws E {
			throw (E) problem;
		}

		@Override
		public void onStart(Observation.Context context) {
			if (this.place == Place.CARRIER && context instanceof EventPublishContext publish) {
				// no metadata can be like that
				publish.getSetter().set(publish.getCarrier(), "", "\0");
			}
			at(Place.START);
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			at(Place.SCOPE_OPENED);
		}

		@Override
		public void onError(Observation.Context context) {
			at(Place.ERROR);
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			at(Place.SCOPE_CLOSED);
		}

		@Override
		public void onStop(Observation.Context context) {
			at(Place.STOP);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			at(Place.SUPPORTS);
			return true;
		}

	}

}
