package dev.events.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.Replay;
import dev.events.Subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A replay while events are published and a handler fails, on whatever store.
 */
public final class ReplayScenario {

	private ReplayScenario() {
	}

	/** What is replayed and what comes live meanwhile is in the order of each key. */
	public static void keepsTheOrderOfKeys(EventBus bus) throws InterruptedException {
		Map<String, List<String>> handled = new ConcurrentHashMap<>();
		AtomicInteger calls = new AtomicInteger();
		bus.subscribe(Subscriber.to("counted").id("counting").partitions(3).function((event, delivery) -> {
			if (calls.incrementAndGet() % 20 == 0) {
				throw new IllegalStateException("at random");
			}
			handled.computeIfAbsent("" + event.key(), (key) -> new CopyOnWriteArrayList<>())
				.add((delivery.isReplay() ? "r" : "") + event.data());
			return null;
		}));
		count(bus, 0, 100);
		await().until(() -> handled.values().stream().mapToInt(List::size).sum() == 400);
		Replay replay = bus.replay().subscriber("counting").rate(800).start();
		await().until(() -> handled.values().stream().anyMatch((key) -> key.contains("r3")));
		count(bus, 100, 130);
		assertThat(replay.await(Duration.ofSeconds(60))).as("%s", replay.info()).isTrue();
		await().until(() -> handled.values().stream().mapToInt(List::size).sum() == 920);
		List<String> expected = new ArrayList<>();
		IntStream.range(0, 100).forEach((i) -> expected.add("" + i));
		IntStream.range(0, 100).forEach((i) -> expected.add("r" + i));
		IntStream.range(100, 130).forEach((i) -> expected.add("" + i));
		assertThat(handled).hasSize(4).allSatisfy((key, numbers) -> assertThat(numbers).isEqualTo(expected));
		assertThat(bus.deadLetters().count(DeadLetters.Filter.all())).isZero();
	}

	private static void count(EventBus bus, int from, int to) {
		for (int i = from; i < to; i++) {
			for (int key = 0; key < 4; key++) {
				bus.publish(Event.of("counted", i).withKey("k" + key));
			}
		}
	}

}
