package dev.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.store.CursorState;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A worker is closed while its run waits for a busy executor: the run is dropped, and
 * that loses no event, keeps no lease and no thread, and changes no order.
 */
class DroppedRunTests extends EngineTest {

	// so that only who is given a partition gets it
	private static final Duration LONG = Duration.ofMinutes(5);

	// so that partitions are soon shared out, and no pause of the machine takes one away
	private static final Duration SHORT = Duration.ofSeconds(12);

	// of an executor that never comes to anything, until a test runs it
	private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

	private EventBusBuilder patient(Duration lease) {
		return builder()
			.delivery(DeliverySettings.DEFAULT.withLeaseDuration(lease).withShutdownTimeout(Duration.ofSeconds(30)));
	}

	private DurableEventBus busy(Duration lease) {
		return bus(patient(lease).workers(this.waiting::add));
	}

	private Subscriber<Object> subscriber(int partitions) {
		return Subscriber.to("a")
			.id("s")
			.partitions(partitions)
			.concurrency(1)
			.handler((event) -> this.received.add(event.key() + " " + event.data()));
	}

	@Test
	void doesNotHoldUpTheEndAndLosesNothing() {
		DurableEventBus busy = busy(LONG);
		busy.subscribe(subscriber(1));
		busy.start();
		awaitOwned("s");
		publish(busy, "k", 1, 3);
		await().until(() -> !this.waiting.isEmpty());
		long begin = System.nanoTime();

		busy.stop();

		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
		assertThat(cursors("s")).allSatisfy((cursor) -> assertThat(cursor.owner()).isNull());
		assertThat(cursors("s")).extracting(CursorState::position).containsExactly(0L);
		DurableEventBus next = bus(patient(LONG));
		next.subscribe(subscriber(1));
		next.start();
		awaitReceived("k 3");
		runWaiting();
		publish(next, "k", 4, 4);
		awaitReceived("k 4");
		assertThat(this.received).containsExactly("k 1", "k 2", "k 3", "k 4");
	}

	@RepeatedTest(30)
	void isDroppedAlsoWhenItIsHandedOverAtThatMoment() throws InterruptedException {
		DurableEventBus busy = busy(LONG);
		busy.subscribe(subscriber(1));
		busy.start();
		awaitOwned("s");
		Thread publisher = new Thread(() -> publish(busy, "k", 1, 20));
		publisher.start();
		long begin = System.nanoTime();

		busy.stop();

		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
		publisher.join();
		DurableEventBus next = bus(patient(LONG));
		next.subscribe(subscriber(1));
		next.start();
		awaitReceived("k 20");
		assertThat(this.received).isEqualTo(IntStream.rangeClosed(1, 20).mapToObj((number) -> "k " + number).toList());
	}

	/** One of the two partitions is given up: in one of the cases that which waits. */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void leavesItsThreadToTheOthers(int partition) {
		String first = key(partition);
		String second = key(1 - partition);
		DurableEventBus busy = busy(SHORT);
		busy.subscribe(subscriber(2));
		busy.start();
		awaitOwned("s");
		publish(busy, first, 1, 3);
		await().until(() -> !this.waiting.isEmpty());
		publish(busy, second, 1, 3);

		DurableEventBus other = bus(patient(SHORT));
		other.subscribe(subscriber(2));
		other.start();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> cursors("s").stream().map(CursorState::owner).distinct().count() == 2);

		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			runWaiting();
			assertThat(this.received).hasSize(6);
		});
		assertThat(this.received.stream().filter((event) -> event.startsWith(first)))
			.isEqualTo(List.of(first + " 1", first + " 2", first + " 3"));
		assertThat(this.received.stream().filter((event) -> event.startsWith(second)))
			.isEqualTo(List.of(second + " 1", second + " 2", second + " 3"));
	}

	private static void publish(DurableEventBus bus, String key, int from, int to) {
		for (int number = from; number <= to; number++) {
			bus.publish(Event.of("a", number).withKey(key));
		}
	}

	private void runWaiting() {
		Runnable task;
		while ((task = this.waiting.poll()) != null) {
			task.run();
		}
	}

	private static String key(int partition) {
		return IntStream.range(0, 100)
			.mapToObj((number) -> "k" + number)
			.filter((key) -> PartitionId.of(PartitionId.hash(event(key)), 2) == partition)
			.findFirst()
			.orElseThrow();
	}

	private static EventRecord event(String key) {
		return new EventRecord(new UUID(0, 1), "a", "1", "s", key, null, null, "c", null, Instant.EPOCH, "1", Map.of());
	}

}
