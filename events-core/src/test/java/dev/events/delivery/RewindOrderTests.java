package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A subscription that is rewound at random while handlers fail at random: an event of a
 * key is never handled before the one in front of it was.
 */
@Timeout(180)
class RewindOrderTests extends EngineTest {

	private static final int KEYS = 8;

	private final Map<String, Integer> last = new ConcurrentHashMap<>();

	private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

	private final int[] published = new int[KEYS];

	@ParameterizedTest
	@CsvSource({ "1, 10000", "2, 3", "3, 12" })
	void nothingOvertakesWhatWasRewound(long seed, int maxParked) {
		Random random = new Random(seed);
		DurableEventBus bus = bus(builder()
			.retry(new RetryPolicy(10_000, Duration.ofMillis(60), 1, Duration.ofMillis(60), 0.5))
			.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(2)).withMaxParked(maxParked)));
		bus.subscribe(Subscriber.to("a").id("s").partitions(2).startAt(StartPosition.BEGINNING).handler(this::handle));
		bus.start();
		for (int round = 0; round < 5; round++) {
			publish(bus, random, 150);
			letPass(Duration.ofMillis(random.nextInt(1500)));
			bus.subscriptions().rewind("s", random.nextInt(150 * (round + 1)));
			publish(bus, random, random.nextInt(20));
		}
		for (int key = 0; key < KEYS; key++) {
			String name = "k" + key;
			int expected = this.published[key];
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(this.last).as("seed %d", seed).containsEntry(name, expected));
		}
		assertThat(this.violations).as("seed %d", seed).isEmpty();
		await().untilAsserted(() -> assertThat(this.memory.deliveries().counts()).isEmpty());
	}

	private void publish(DurableEventBus bus, Random random, int count) {
		List<Event<?>> events = IntStream.range(0, count)
			.mapToObj((i) -> random.nextInt(KEYS))
			.<Event<?>>map((key) -> Event.of("a", ++this.published[key]).withKey("k" + key))
			.toList();
		bus.publishAll(events);
	}

	private void handle(Event<Object> event) {
		String key = String.valueOf(event.key());
		int number = (Integer) event.data();
		if (Math.floorMod(31 * number + System.nanoTime() / 1000, 12) == 0) {
			throw new IllegalStateException("at random");
		}
		int before = this.last.getOrDefault(key, 0);
		if (number > before + 1) {
			this.violations.add(key + ": " + number + " after " + before);
		}
		this.last.put(key, number);
		letPassBriefly();
	}

	/** So that retries are due while delivery is still on its way. */
	private static void letPassBriefly() {
		LockSupport.parkNanos(1_000_000);
	}

}
