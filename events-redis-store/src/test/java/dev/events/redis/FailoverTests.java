package dev.events.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

import dev.events.Event;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.store.StoredEvent;
import dev.events.test.redis.ReplicatedRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A replica takes over from its master while two nodes publish and deliver: they go on by
 * themselves, what was answered and replicated is there, and all that is there is
 * handled, in order for each key. What was answered and not replicated may be lost; it
 * must not take with it what was not.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class FailoverTests {

	private static final DeliverySettings DELIVERY = new DeliverySettings(4, Duration.ofSeconds(2),
			Duration.ofMillis(100), Duration.ofMillis(50), 100, 10_000, Duration.ofSeconds(5), Duration.ZERO);

	// the first attempts of many fail, so that there are always parked deliveries
	private static final RetryPolicy RETRY = new RetryPolicy(1_000, Duration.ofMillis(500), 1.5, Duration.ofSeconds(2),
			0.2);

	private final Map<String, ConcurrentLinkedQueue<Integer>> handled = new ConcurrentHashMap<>();

	@Test
	void aSentinelPromotesTheReplicaOfAMasterThatWasKilled() {
		try (ReplicatedRedis redis = ReplicatedRedis.withSentinel()) {
			survives(redis, false);
		}
	}

	@Test
	void aSentinelPromotesAReplicaThatHasNotGotEverything() {
		try (ReplicatedRedis redis = ReplicatedRedis.withSentinel()) {
			survives(redis, true);
		}
	}

	@Test
	void aClusterPromotesTheReplicaOfAMasterThatWasKilled() {
		try (ReplicatedRedis redis = ReplicatedRedis.inCluster()) {
			survives(redis, false);
		}
	}

	@Test
	void aClusterPromotesAReplicaThatHasNotGotEverything() {
		try (ReplicatedRedis redis = ReplicatedRedis.inCluster()) {
			survives(redis, true);
		}
	}

	@Test
	void aClusterThatHandsOverInOrderLosesNothing() {
		try (ReplicatedRedis redis = ReplicatedRedis.inCluster();
				Node one = new Node(redis, "one");
				Node two = new Node(redis, "two");
				Publishing publishing = new Publishing(one.bus)) {
			publishing.awaitMore(300);
			redis.handOver();
			publishing.awaitMore(300);
			publishing.end();
			assertThat(numbers(one.log())).containsAll(publishing.answered());
			check(two.log(), publishing);
		}
	}

	private void survives(ReplicatedRedis redis, boolean behind) {
		try (Node one = new Node(redis, "one");
				Node two = new Node(redis, "two");
				Publishing publishing = new Publishing(one.bus)) {
			publishing.awaitMore(300);
			Set<Integer> replicated = publishing.answered();
			redis.awaitReplication();
			if (behind) {
				redis.pauseReplica();
				publishing.awaitMore(300);
			}
			redis.crashMaster();
			publishing.awaitMore(300);
			publishing.end();
			assertThat(numbers(one.log())).containsAll(replicated);
			check(two.log(), publishing);
		}
	}

	/** What is in the log has been handled, in its order for each key. */
	private void check(List<StoredEvent> log, Publishing publishing) {
		assertThat(numbers(log)).doesNotHaveDuplicates();
		Map<String, List<Integer>> byKey = log.stream()
			.collect(Collectors.groupingBy((stored) -> String.valueOf(stored.event().key()),
					Collectors.mapping(FailoverTests::number, Collectors.toList())));
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(
					() -> byKey.forEach((key, numbers) -> assertThat(handledFirst(key)).as(key).containsAll(numbers)));
		byKey.forEach((key, numbers) -> {
			List<Integer> order = handledFirst(key);
			order.retainAll(Set.copyOf(numbers));
			assertThat(order).as(key).containsExactlyElementsOf(numbers);
		});
		assertThat(publishing.unclear()).isEmpty();
	}

	private List<Integer> handledFirst(String key) {
		return new ArrayList<>(new LinkedHashSet<>(this.handled.getOrDefault(key, new ConcurrentLinkedQueue<>())));
	}

	private static List<Integer> numbers(List<StoredEvent> log) {
		return log.stream().map(FailoverTests::number).toList();
	}

	private static int number(StoredEvent stored) {
		return Integer.parseInt(stored.event().data());
	}

	private void handle(Event<Object> event) {
		if (ThreadLocalRandom.current().nextInt(20) == 0) {
			throw new IllegalStateException("expected");
		}
		this.handled.computeIfAbsent(String.valueOf(event.key()), (key) -> new ConcurrentLinkedQueue<>())
			.add(((Number) event.data()).intValue());
	}

	private final class Node implements AutoCloseable {

		private final RedisStoreFixture fixture;

		private final DurableEventBus bus;

		Node(ReplicatedRedis redis, String id) {
			this.fixture = new RedisStoreFixture(configuration(redis),
					new RedisEventStoreSettings("events", Duration.ofSeconds(5), EvictionCheck.FAIL, true));
			this.bus = DurableEventBus.builder(this.fixture.store()).nodeId(id).delivery(DELIVERY).retry(RETRY).build();
			this.bus.subscribe(
					Subscriber.to("a").id("all").startAt(StartPosition.BEGINNING).handler(FailoverTests.this::handle));
			this.bus.start();
		}

		private static RedisConfiguration configuration(ReplicatedRedis redis) {
			if (redis.isCluster()) {
				return new RedisClusterConfiguration(redis.addresses());
			}
			return new RedisSentinelConfiguration(ReplicatedRedis.MASTER, Set.copyOf(redis.addresses()));
		}

		List<StoredEvent> log() {
			return this.fixture.store().log().read(0, this.fixture.store().log().head(), 1_000_000);
		}

		@Override
		public void close() {
			this.bus.close();
			this.fixture.close();
		}

	}

}
