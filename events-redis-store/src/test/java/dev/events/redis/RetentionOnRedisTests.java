package dev.events.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.EventPattern;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.retention.RetentionRule;
import dev.events.retention.RetentionSettings;
import dev.events.store.CursorState;
import dev.events.store.EventCriteria;
import dev.events.store.EventStore;
import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Retention really gives memory back, the index's as well, and cuts nothing that a
 * subscription has still to read.
 */
@Timeout(300)
class RetentionOnRedisTests {

	private static final Instant OLD = Instant.now().minus(10, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MICROS);

	private static final int EVENTS = 4_000;

	private final CountDownLatch half = new CountDownLatch(EVENTS / 2);

	private final CountDownLatch goOn = new CountDownLatch(1);

	private final List<Integer> handled = new CopyOnWriteArrayList<>();

	@Test
	void whatIsReadGoesWithItsIndexAndWhatIsNotStays() throws Exception {
		try (RedisServer server = RedisServer.dedicated(); RedisStoreFixture fixture = fixture(server)) {
			EventStore store = fixture.store();
			try (DurableEventBus bus = bus(store)) {
				bus.subscribe(Subscriber.to("**")
					.id("slow")
					.partitions(1)
					.startAt(StartPosition.BEGINNING)
					.handler(this::handle));
				for (int i = 0; i < EVENTS; i += 100) {
					bus.publishAll(IntStream.range(i, i + 100)
						.mapToObj((number) -> Event.of("type" + number % 7, number)
							.withKey("key" + number)
							.withOrganization("org" + number % 3)
							.withTimestamp(OLD))
						.toList());
				}
				await().atMost(Duration.ofSeconds(30)).until(() -> indexed(server) == store.log().head());
				long full = memory(server);
				bus.start();
				this.half.await();
				await().atMost(Duration.ofSeconds(60))
					.until(() -> store.log().query(EventCriteria.ALL, EVENTS).size() < EVENTS * 3 / 4);
				long cursor = store.cursors().list().stream().mapToLong(CursorState::position).min().orElseThrow();
				long unread = EVENTS - this.handled.size();
				assertThat(store.log().read(cursor, store.log().head(), EVENTS))
					.hasSizeGreaterThanOrEqualTo((int) unread);
				this.goOn.countDown();
				await().atMost(Duration.ofSeconds(60)).until(() -> new TreeSet<>(this.handled).size() == EVENTS);
				await().atMost(Duration.ofSeconds(30))
					.until(() -> store.log().query(EventCriteria.ALL, 10).size() == 1);
				await().atMost(Duration.ofSeconds(30))
					.untilAsserted(() -> assertThat(lists(server)).isLessThanOrEqualTo(4));
				await().atMost(Duration.ofSeconds(30))
					.untilAsserted(() -> assertThat(memory(server)).isLessThan(full / 10));
			}
		}
	}

	private void handle(Event<Object> event) throws InterruptedException {
		if (this.half.getCount() == 0) {
			this.goOn.await();
		}
		this.handled.add(((Number) event.data()).intValue());
		this.half.countDown();
	}

	private static RedisStoreFixture fixture(RedisServer server) {
		return new RedisStoreFixture(RedisStoreFixture.configuration(server),
				new RedisEventStoreSettings("events", Duration.ofSeconds(5), EvictionCheck.FAIL, true));
	}

	private static DurableEventBus bus(EventStore store) {
		RetentionRule rule = new RetentionRule(EventPattern.of("**"), Duration.ofDays(5), null);
		return DurableEventBus.builder(store)
			.retention(RetentionSettings.DEFAULT.withRules(List.of(rule))
				.withBatches(Duration.ofMillis(50), 200, Duration.ofMillis(5)))
			.build();
	}

	private static long indexed(RedisServer server) {
		return number(server, "return redis.call('HGET', '{events}:index', 'upTo') or '0'");
	}

	private static long lists(RedisServer server) {
		return number(server,
				"return tostring(#redis.call('KEYS', '{events}:index:?:*') + #redis.call('KEYS', '{events}:chunks:*'))");
	}

	private static long memory(RedisServer server) {
		return number(server, """
				local bytes = 0
				for _, key in ipairs(redis.call('KEYS', '{events}:*')) do
					bytes = bytes + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')
				end
				return tostring(bytes)
				""");
	}

	private static long number(RedisServer server, String script) {
		return Long.parseLong(server.execute("EVAL", script, "0"));
	}

}
