package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several nodes over one store, that are stopped, started and cut off at random, and take
 * their subscription back or bring it with another number of partitions, while handlers
 * fail at random. What must hold: every event is handled, and none before all earlier
 * ones of its key.
 */
@Timeout(120)
class SeveralNodesTests {

	private static final int KEYS = 40;

	private final MemoryEventStore store = new MemoryEventStore();

	private final Map<String, KeyLedger> ledger = new ConcurrentHashMap<>();

	private final AtomicInteger failures = new AtomicInteger();

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void nothingIsLostAndEveryKeyKeepsItsOrder(long seed) {
		Random random = new Random(seed);
		List<Node> nodes = List.of(new Node("n1"), new Node("n2"), new Node("n3"));
		nodes.forEach((node) -> node.bus.start());
		int[] published = new int[KEYS];
		try {
			for (int round = 0; round < 40; round++) {
				disturb(nodes.get(random.nextInt(nodes.size())), random.nextInt(13), random);
				publish(random, published);
			}
			nodes.forEach((node) -> {
				node.store.cut(false);
				node.bus.start();
				node.subscribe();
			});
			for (int key = 0; key < KEYS; key++) {
				String name = "k" + key;
				int expected = published[key];
				await().atMost(Duration.ofSeconds(40))
					.untilAsserted(() -> assertThat(this.ledger.getOrDefault(name, new KeyLedger()).highest())
						.as("seed %d, key %s", seed, name)
						.isEqualTo(expected));
			}
		}
		finally {
			nodes.forEach((node) -> node.store.cut(false));
			nodes.forEach((node) -> node.bus.close());
		}
		assertThat(this.failures).as("failed attempts").hasPositiveValue();
		List<String> violations = new ArrayList<>();
		this.ledger.values().forEach((entry) -> violations.addAll(entry.violations()));
		assertThat(violations).as("seed %d", seed).isEmpty();
	}

	private void disturb(Node node, int what, Random random) {
		switch (what) {
			case 0, 1 -> node.bus.stop();
			case 2, 3, 4 -> {
				node.store.cut(false);
				node.bus.start();
			}
			case 5 -> node.store.cut(true);
			case 6, 7 -> node.store.cut(false);
			case 8 -> {
				node.unsubscribe();
				node.subscribe();
			}
			case 9, 10 -> {
				node.unsubscribe();
				node.partitions = 5 + 2 * random.nextInt(3);
				node.subscribe();
			}
			default -> {
			}
		}
	}

	private void publish(Random random, int[] published) {
		DurableEventBus publisher = DurableEventBus.builder(this.store).build();
		for (int i = 0; i < 25; i++) {
			List<Event<Integer>> batch = new ArrayList<>();
			for (int j = 0; j < 1 + random.nextInt(5); j++) {
				int key = random.nextInt(KEYS);
				batch.add(Event.of("a", ++published[key]).withKey("k" + key));
			}
			publisher.publishAll(batch);
		}
		// let some of it be handled before the next disturbance
		await().pollDelay(Duration.ofMillis(random.nextInt(120))).until(() -> true);
	}

	private void handle(Event<Object> event) {
		int number = (Integer) event.data();
		KeyLedger entry = this.ledger.computeIfAbsent(String.valueOf(event.key()), (key) -> new KeyLedger());
		if (Math.floorMod(event.id().hashCode(), 50) == 0 && entry.failsFirst(number)) {
			this.failures.incrementAndGet();
			throw new IllegalStateException("at random");
		}
		entry.handled(String.valueOf(event.key()), number);
	}

	private final class Node {

		private final CuttableStore store = new CuttableStore(SeveralNodesTests.this.store);

		private final DurableEventBus bus;

		private int partitions = 7;

		private @Nullable Subscription subscription;

		Node(String id) {
			this.bus = DurableEventBus.builder(this.store)
				.nodeId(id)
				.retry(new RetryPolicy(1000, Duration.ofMillis(30), 1, Duration.ofMillis(30), 0.5))
				.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(1))
					.withShutdownTimeout(Duration.ofSeconds(2)))
				.build();
			subscribe();
		}

		void subscribe() {
			if (this.subscription != null) {
				return;
			}
			try {
				this.subscription = this.bus.subscribe(Subscriber.to("a")
					.id("s")
					.partitions(this.partitions)
					.startAt(StartPosition.BEGINNING)
					.handler(SeveralNodesTests.this::handle));
			}
			catch (EventStoreException ex) {
				// cut off: comes back with a later disturbance, or at the end
				this.subscription = null;
			}
		}

		void unsubscribe() {
			if (this.subscription != null) {
				this.subscription.close();
				this.subscription = null;
			}
		}

	}

	/**
	 * What was handled of one key. A number may come again after a node lost its lease,
	 * but never before its predecessor has been there.
	 */
	private static final class KeyLedger {

		private final List<String> violations = new ArrayList<>();

		private final Map<Integer, Boolean> failed = new HashMap<>();

		private int highest;

		synchronized boolean failsFirst(int number) {
			return this.failed.put(number, true) == null;
		}

		synchronized void handled(String key, int number) {
			if (number > this.highest + 1) {
				this.violations.add(key + ": " + number + " came after " + this.highest);
			}
			this.highest = Math.max(this.highest, number);
		}

		synchronized int highest() {
			return this.highest;
		}

		synchronized List<String> violations() {
			return List.copyOf(this.violations);
		}

	}

}
