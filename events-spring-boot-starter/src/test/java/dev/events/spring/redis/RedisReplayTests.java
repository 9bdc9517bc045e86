package dev.events.spring.redis;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.Subscriber;
import dev.events.redis.RedisEventStore;
import dev.events.spring.EventsContext;
import dev.events.spring.ReplayScenario;
import dev.events.store.EventStore;
import dev.events.test.redis.RedisCluster;
import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that replays events from Redis, or moves a cursor.
 */
class RedisReplayTests {

	private final RedisServer server = RedisServer.shared();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withClassLoader(new FilteredClassLoader("dev.events.jdbc"))
		.withConfiguration(EventsContext.autoConfigurations())
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
		.withPropertyValues("events.redis.key-prefix=test-" + UUID.randomUUID(), "events.delivery.poll-interval=50ms",
				"events.retry.initial-delay=10ms");

	@Test
	void aReplayKeepsTheOrderOfKeysBesideLiveDelivery() {
		replays(standalone());
	}

	@Test
	void aReplayKeepsTheOrderOfKeysBesideLiveDeliveryOnACluster() {
		replays(this.runner.withPropertyValues(
				"spring.data.redis.cluster.nodes=" + String.join(",", RedisCluster.shared().addresses())));
	}

	@Test
	void aSubscriptionThatIsRewoundStartsAgainFromThere() {
		standalone().withPropertyValues("events.delivery.lease-duration=2s").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			List<Object> handled = new CopyOnWriteArrayList<>();
			bus.subscribe(Subscriber.to("a").id("all").partitions(1).handler((event) -> handled.add(event.data())));
			IntStream.rangeClosed(1, 5).forEach((number) -> bus.publish(Event.of("a", number)));
			await().until(() -> handled.equals(List.of(1, 2, 3, 4, 5)));
			EventStore store = context.getBean(EventStore.class);
			await().until(() -> store.cursors().list().get(0).position() == 5);
			bus.subscriptions().rewind("all", 3);
			await().until(() -> handled.size() == 7);
			assertThat(handled).containsExactly(1, 2, 3, 4, 5, 4, 5);
		});
	}

	private ApplicationContextRunner standalone() {
		return this.runner.withPropertyValues("spring.data.redis.host=" + this.server.host(),
				"spring.data.redis.port=" + this.server.port());
	}

	private static void replays(ApplicationContextRunner runner) {
		runner.run((context) -> {
			assertThat(context).hasSingleBean(RedisEventStore.class);
			ReplayScenario.keepsTheOrderOfKeys(context.getBean(EventBus.class));
		});
	}

}
