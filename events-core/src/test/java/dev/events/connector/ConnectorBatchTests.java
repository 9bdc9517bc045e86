package dev.events.connector;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.events.DeadLetters.Filter;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import dev.events.RetryPolicy;
import dev.events.SubscriptionDefinition;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connectors that take several events at once, and have retries of their own.
 */
@Timeout(60)
class ConnectorBatchTests {

	private static final Duration SOON = Duration.ofSeconds(15);

	private final Truck truck = new Truck(10);

	private DurableEventBus bus = bus(this.truck);

	private static DurableEventBus bus(EventConnector<?> connector) {
		return DurableEventBus.builder(new MemoryEventStore())
			.retry(new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0))
			.connectors(List.of(connector))
			.build();
	}

	@AfterEach
	void close() {
		this.bus.close();
	}

	private void subscribe(Map<String, Object> config) {
		this.bus.subscriptions()
			.create(SubscriptionDefinition.of("truck", "order.*").withId("s").withPartitions(1).withConfig(config));
	}

	private void publish(int from, int to) {
		this.bus.publishAll(IntStream.rangeClosed(from, to)
			.mapToObj((i) -> Event.of("order.placed", i).withKey("k" + i % 2))
			.toList());
	}

	private List<Integer> taken(int parity) {
		return this.truck.taken.stream().filter((number) -> number % 2 == parity).toList();
	}

	@Test
	void severalEventsComeAtOnceAndInOrder() {
		subscribe(Map.of());
		publish(1, 95);
		this.bus.start();
		await().atMost(SOON).until(() -> this.truck.taken.size() == 95);
		assertThat(this.truck.taken).isSorted();
		assertThat(this.truck.sizes).contains(10).allMatch((size) -> size <= 10);
	}

	@Test
	void theConfigurationSaysHowMany() {
		subscribe(Map.of("delivery", Map.of("batchSize", 3)));
		publish(1, 30);
		this.bus.start();
		await().atMost(SOON).until(() -> this.truck.taken.size() == 30);
		assertThat(this.truck.sizes).contains(3).allMatch((size) -> size <= 3);
	}

	@Test
	void aBadEventOfABatchTakesNoOtherWithItAndKeysKeepTheirOrder() {
		this.truck.hopeless = 4;
		subscribe(Map.of());
		publish(1, 20);
		this.bus.start();
		await().atMost(SOON).until(() -> this.bus.deadLetters().count(Filter.all()) == 1);
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.truck.taken).contains(1, 2, 3, 5, 10, 19, 20).doesNotContain(4));
		// the first three of the batch were taken before it failed, and come again
		assertThat(taken(0).stream().distinct()).isSorted().hasSize(9);
		assertThat(taken(1).stream().distinct()).isSorted().hasSize(10);
	}

	@Test
	void aConnectorMayHaveMoreAttemptsThanOtherSubscribers() {
		this.truck.retry = new RetryPolicy(50, Duration.ofMillis(5), 1, Duration.ofMillis(5), 0);
		this.truck.outages = 20;
		subscribe(Map.of());
		publish(1, 1);
		this.bus.start();
		await().atMost(SOON).until(() -> this.truck.taken.contains(1));
		assertThat(this.bus.deadLetters().count(Filter.all())).isZero();
	}

	@Test
	void theConfigurationOfASubscriptionWins() {
		this.truck.retry = new RetryPolicy(50, Duration.ofMillis(5), 1, Duration.ofMillis(5), 0);
		this.truck.outages = 20;
		subscribe(Map.of("delivery", Map.of("maxAttempts", 2)));
		publish(1, 1);
		this.bus.start();
		await().atMost(SOON).until(() -> this.bus.deadLetters().count(Filter.all()) == 1);
	}

	@Test
	void oneThatTakesSingleEventsRefusesBatches() {
		this.bus.close();
		this.bus = bus(new Truck(1));
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> subscribe(Map.of("delivery", Map.of("batchSize", 3))))
			.withMessage("Subscription 's' is not valid: config.delivery.batchSize must be 1, "
					+ "for this type takes one event at a time");
		subscribe(Map.of("delivery", Map.of("batchSize", 1)));
	}

	private static final class Truck implements EventConnector<Truck.Config> {

		private final List<Integer> taken = new CopyOnWriteArrayList<>();

		private final List<Integer> sizes = new CopyOnWriteArrayList<>();

		private final int batchSize;

		private volatile int hopeless;

		private volatile int outages;

		private volatile RetryPolicy retry = RetryPolicy.DEFAULT;

		Truck(int batchSize) {
			this.batchSize = batchSize;
		}

		@Override
		public String type() {
			return "truck";
		}

		@Override
		public Class<Config> configType() {
			return Config.class;
		}

		@Override
		public int batchSize() {
			return this.batchSize;
		}

		@Override
		public RetryPolicy retry(RetryPolicy defaults) {
			return (this.retry != RetryPolicy.DEFAULT) ? this.retry : defaults;
		}

		@Override
		public EventConnection connect(Config config, ConnectorContext context) {
			return new EventConnection() {

				@Override
				public void deliver(Event<JsonNode> event, Delivery delivery) {
					int number = event.data().asInt();
					if (Truck.this.outages > 0) {
						Truck.this.outages--;
						throw new IllegalStateException("down");
					}
					if (number == Truck.this.hopeless) {
						throw new NonRetryableEventException("too large");
					}
					Truck.this.taken.add(number);
				}

				@Override
				public void deliverAll(List<Event<JsonNode>> events, Delivery delivery) throws Exception {
					Truck.this.sizes.add(events.size());
					EventConnection.super.deliverAll(events, delivery);
				}

			};
		}

		record Config() {

		}

	}

}
