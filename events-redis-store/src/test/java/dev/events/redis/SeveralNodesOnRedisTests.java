package dev.events.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Three nodes over one server, while connections are cut, nodes come and go, the server
 * is killed and started again, and handlers fail: nothing that was answered is lost, and
 * no event of a key is handled before the one in front of it.
 */
@Timeout(180)
class SeveralNodesOnRedisTests {

	private static final int KEYS = 40;

	private static final DeliverySettings DELIVERY = new DeliverySettings(4, Duration.ofSeconds(2),
			Duration.ofMillis(100), Duration.ofMillis(50), 100, 10_000, Duration.ofSeconds(5), Duration.ZERO);

	private static final RetryPolicy RETRY = new RetryPolicy(1_000, Duration.ofMillis(20), 1.5, Duration.ofMillis(200),
			0.2);

	private final Map<String, Integer> highest = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<String> disorder = new ConcurrentLinkedQueue<>();

	private final AtomicInteger handled = new AtomicInteger();

	@Test
	void nothingIsLostAndEveryKeyKeepsItsOrder() throws Exception {
		long seed = ThreadLocalRandom.current().nextLong();
		Random random = new Random(seed);
		AtomicBoolean end = new AtomicBoolean();
		try (RedisServer server = RedisServer.dedicated("--appendonly", "yes", "--appendfsync", "always")) {
			List<Node> nodes = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				nodes.add(new Node(server, "node-" + i));
			}
			CompletableFuture<int[]> published = publish(nodes.get(0).bus, end);
			for (int fault = 0; fault < 30; fault++) {
				int before = this.handled.get();
				await().atMost(Duration.ofSeconds(30)).until(() -> this.handled.get() > before + 20);
				harm(server, nodes, random, fault);
			}
			end.set(true);
			int[] last = published.get();
			nodes.forEach((node) -> node.bus.start());
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				for (int key = 0; key < KEYS; key++) {
					assertThat(this.highest.getOrDefault("k" + key, 0)).as("k%d, seed %d", key, seed)
						.isGreaterThanOrEqualTo(last[key]);
				}
			});
			nodes.forEach(Node::close);
		}
		assertThat(this.disorder).as("seed %d", seed).isEmpty();
	}

	private static void harm(RedisServer server, List<Node> nodes, Random random, int fault) {
		DurableEventBus bus = nodes.get(random.nextInt(nodes.size())).bus;
		if (fault % 10 == 9) {
			server.crash();
			server.start();
		}
		else if (random.nextBoolean()) {
			server.execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
		}
		else if (bus.isRunning()) {
			bus.stop();
			nodes.stream()
				.filter((node) -> !node.bus.isRunning() && node.bus != bus)
				.forEach((node) -> start(node.bus));
		}
		else {
			start(bus);
		}
		if (nodes.stream().noneMatch((node) -> node.bus.isRunning())) {
			start(bus);
		}
	}

	private static void start(DurableEventBus bus) {
		await().ignoreExceptionsInstanceOf(EventStoreException.class).until(() -> {
			bus.start();
			return true;
		});
	}

	/**
	 * Publishes the next number of a key, the same one again until it is answered.
	 * @return the last number answered for each key
	 */
	private static CompletableFuture<int[]> publish(DurableEventBus bus, AtomicBoolean end) {
		return CompletableFuture.supplyAsync(() -> {
			int[] last = new int[KEYS];
			for (int i = 0; !end.get(); i++) {
				int key = i % KEYS;
				Event<?> event = Event.of("a", last[key] + 1).withKey("k" + key);
				while (!isPublished(bus, event)) {
					Thread.onSpinWait();
				}
				last[key]++;
			}
			return last;
		});
	}

	private static boolean isPublished(DurableEventBus bus, Event<?> event) {
		try {
			bus.publish(event);
			return true;
		}
		catch (EventStoreException ex) {
			return false;
		}
	}

	private void handle(Event<Object> event) {
		if (ThreadLocalRandom.current().nextInt(50) == 0) {
			throw new IllegalStateException("expected");
		}
		int number = ((Number) event.data()).intValue();
		String key = String.valueOf(event.key());
		this.highest.compute(key, (same, known) -> {
			int old = (known != null) ? known : 0;
			if (number > old + 1) {
				this.disorder.add(key + ": " + number + " after " + old);
			}
			return Math.max(old, number);
		});
		this.handled.incrementAndGet();
	}

	private final class Node implements AutoCloseable {

		private final RedisStoreFixture fixture;

		private final DurableEventBus bus;

		Node(RedisServer server, String id) {
			this.fixture = new RedisStoreFixture(RedisStoreFixture.configuration(server),
					new RedisEventStoreSettings("events", Duration.ofSeconds(1), EvictionCheck.FAIL, true));
			this.bus = DurableEventBus.builder(this.fixture.store()).nodeId(id).delivery(DELIVERY).retry(RETRY).build();
			this.bus.subscribe(Subscriber.to("a")
				.id("all")
				.startAt(StartPosition.BEGINNING)
				.handler(SeveralNodesOnRedisTests.this::handle));
			this.bus.start();
		}

		@Override
		public void close() {
			this.bus.close();
			this.fixture.close();
		}

	}

}
