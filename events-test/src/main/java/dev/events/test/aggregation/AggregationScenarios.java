package dev.events.test.aggregation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.events.Aggregation;
import dev.events.AggregationStats;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.RetryPolicy;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.store.EventStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Aggregation over a store: each event is in one window and each window is published
 * once, on several nodes that die before they could save what they had handled.
 */
@Timeout(180)
public abstract class AggregationScenarios {

	private static final int EVENTS = 600;

	private static final int GROUPS = 4;

	private static final int MAX_EVENTS = 40;

	private static final RetryPolicy RETRY = new RetryPolicy(100, Duration.ofMillis(50), 1.5, Duration.ofMillis(500),
			0.2);

	// progress is saved so seldom that every death has something to repeat
	private static final DeliverySettings DELIVERY = new DeliverySettings(4, Duration.ofSeconds(1),
			Duration.ofMillis(100), Duration.ofMillis(700), 50, 10_000, Duration.ofMillis(500), Duration.ZERO);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** The store, the same for all nodes, empty at first. */
	protected abstract EventStore store();

	/** What a window gathers. */
	record Numbers(List<Integer> numbers) {

		Numbers with(int number) {
			return new Numbers(Stream.concat(this.numbers.stream(), Stream.of(number)).toList());
		}

	}

	private static Aggregation<Integer, Numbers> aggregation() {
		return aggregation(Numbers::with);
	}

	private static Aggregation<Integer, Numbers> aggregation(Fold fold) {
		// by something else than the key, so that a window's events come through several
		// partitions
		return Aggregation.named("numbers")
			.on(Integer.class, "number")
			.by((event) -> "group-" + event.data() % GROUPS)
			.tumbling(Duration.ofMillis(400))
			.into(Numbers.class, () -> new Numbers(List.of()), (numbers, event) -> fold.add(numbers, event.data()))
			.maxEvents(MAX_EVENTS)
			.publishAs("numbers", (numbers, window) -> numbers.numbers());
	}

	@Test
	void eachEventIsInOneWindowAlthoughNodesDie() {
		AtomicBoolean deathIsDue = new AtomicBoolean();
		List<Node> nodes = new ArrayList<>(List.of(new Node(store(), deathIsDue), new Node(store(), deathIsDue)));
		List<Node> dead = new ArrayList<>();
		try (DurableEventBus publisher = DurableEventBus.builder(store()).source("test").build()) {
			for (int number = 0; number < EVENTS; number++) {
				if (number % 150 == 100) {
					int published = number;
					// so that there are windows in all states
					await().atMost(PATIENCE)
						.untilAsserted(() -> assertThat(numbers(publisher)).hasSizeGreaterThan(published / 2));
					deathIsDue.set(true);
				}
				publisher.publish(Event.of("number", number).withKey("key-" + number % 11));
				if (number % 150 == 149) {
					await().atMost(PATIENCE).until(() -> nodes.stream().anyMatch((node) -> node.store.isDead()));
					nodes.stream().filter((node) -> node.store.isDead()).forEach(dead::add);
					nodes.removeAll(dead);
					nodes.add(new Node(store(), deathIsDue));
				}
			}
			assertThat(dead).hasSize(4);
			List<Integer> all = IntStream.range(0, EVENTS).boxed().toList();
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(numbers(publisher)).containsAll(all));
			// nothing is kept for ever, but what may still be delivered again is
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(store().processes().counts()).isEmpty());
			assertThat(numbers(publisher)).containsExactlyInAnyOrderElementsOf(all);
			assertThat(publisher.deadLetters().count(Filter.all())).as("dead letters").isZero();
			// what the last one that died had not saved came to those that are still
			// alive
			assertThat(nodes.stream().mapToLong((node) -> node.stats().duplicates()).sum()).as("duplicates")
				.isPositive();
		}
		finally {
			nodes.forEach(Node::close);
			dead.forEach(Node::close);
		}
	}

	/**
	 * It has read that there is no window yet; when it wakes up there is none any more.
	 */
	@Test
	void nodeThatHasLostItsPartitionInItsSleepAddsNothing() throws Exception {
		CountDownLatch taken = new CountDownLatch(1);
		CountDownLatch awake = new CountDownLatch(1);
		MortalStore sleeping = new MortalStore(store(), new AtomicBoolean());
		DurableEventBus first = bus(sleeping.store());
		first.aggregations().register(aggregation((numbers, number) -> {
			taken.countDown();
			awake.await();
			return numbers.with(number);
		}));
		first.start();
		try (DurableEventBus second = bus(store())) {
			second.publish(Event.of("number", 0).withKey("key"));
			assertThat(taken.await(30, TimeUnit.SECONDS)).isTrue();
			sleeping.fallAsleep();
			second.aggregations().register(aggregation());
			second.start();
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(numbers(second)).containsExactly(0));
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(store().processes().counts()).isEmpty());
			awake.countDown();
			await().atMost(Duration.ofSeconds(30)).until(() -> sleeping.refused() > 0);
			second.publish(Event.of("number", GROUPS).withKey("key"));
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(numbers(second)).containsExactly(0, GROUPS));
		}
		finally {
			awake.countDown();
			sleeping.die();
			first.close();
		}
	}

	@Test
	void windowsOutlastARestart() {
		Aggregation<Object, Numbers> ending = outlasting("ending", Duration.ofSeconds(2), 100);
		Aggregation<Object, Numbers> growing = outlasting("growing", Duration.ofMinutes(1), 2);
		try (DurableEventBus first = bus(store())) {
			first.aggregations().register(ending);
			first.aggregations().register(growing);
			first.start();
			first.publish(Event.of("to.ending", 1).withKey("k").withOrganization("acme"));
			first.publish(Event.of("to.growing", 1).withKey("k").withOrganization("acme"));
			await().atMost(PATIENCE)
				.until(() -> first.aggregations().stats().stream().allMatch((stats) -> stats.opened() == 1));
		}
		try (DurableEventBus second = bus(store())) {
			second.aggregations().register(ending);
			second.aggregations().register(growing);
			second.start();
			second.publish(Event.of("to.growing", 2).withKey("k").withOrganization("acme"));
			assertThat(result(second, "growing").data())
				.isEqualTo(Map.of("numbers", List.of(1, 2), "end", "EVENTS", "key", "k"));
			Event<Object> result = result(second, "ending");
			assertThat(result.data()).isEqualTo(Map.of("numbers", List.of(1), "end", "TIME", "key", "k"));
			assertThat(result.key()).isEqualTo("k");
			assertThat(result.organization()).isEqualTo("acme");
		}
	}

	private static Aggregation<Object, Numbers> outlasting(String name, Duration quiet, int maxEvents) {
		return Aggregation.named(name)
			.on("to." + name)
			.debounce(quiet, Duration.ofMinutes(2))
			.into(Numbers.class, () -> new Numbers(List.of()),
					(numbers, event) -> numbers.with(((Number) event.data()).intValue()))
			.maxEvents(maxEvents)
			.publishAs(name, (numbers, window) -> Map.of("numbers", numbers.numbers(), "end", window.end(), "key",
					window.key()));
	}

	private static Event<Object> result(DurableEventBus bus, String type) {
		await().atMost(PATIENCE).until(() -> !bus.history(type, 10).isEmpty());
		List<Event<Object>> results = bus.history(type, 10);
		assertThat(results).hasSize(1);
		return results.get(0);
	}

	private static List<Integer> numbers(DurableEventBus bus) {
		List<Integer> numbers = new ArrayList<>();
		bus.query().type("numbers").stream().forEach((event) -> {
			List<?> data = (List<?>) event.data();
			assertThat(data).hasSizeBetween(1, MAX_EVENTS);
			data.forEach((number) -> numbers.add(((Number) number).intValue()));
		});
		return numbers;
	}

	private static DurableEventBus bus(EventStore store) {
		return DurableEventBus.builder(store).source("test").retry(RETRY).delivery(DELIVERY).build();
	}

	/**
	 * What is done with each event.
	 */
	private interface Fold {

		Numbers add(Numbers numbers, int number) throws Exception;

	}

	private static final class Node {

		private final MortalStore store;

		private final DurableEventBus bus;

		Node(EventStore store, AtomicBoolean deathIsDue) {
			this.store = new MortalStore(store, deathIsDue);
			this.bus = bus(this.store.store());
			this.bus.aggregations().register(aggregation());
			this.bus.start();
		}

		AggregationStats stats() {
			return this.bus.aggregations().stats().get(0);
		}

		void close() {
			this.store.die();
			this.bus.close();
		}

	}

}
