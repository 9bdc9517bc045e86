package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Batches that wait, and batches whose turn ends.
 */
class BatchReviewTests extends EngineTest {

	private final List<List<String>> batches = new CopyOnWriteArrayList<>();

	private static List<String> data(List<Event<Object>> events) {
		return events.stream().map((event) -> "" + event.data()).toList();
	}

	@Test
	void theCursorDoesNotPassWhatWaitsFromBeforeTheStart() {
		DurableEventBus first = bus();
		Subscriber<Object> subscriber = Subscriber.to("a")
			.id("s")
			.partitions(1)
			.batchWait(Duration.ofSeconds(30))
			.batch(3)
			.batchHandler((events) -> {
				this.batches.add(data(events));
			});
		first.subscribe(subscriber);
		first.publish(Event.of("a", "one"));
		first.start();
		awaitOwned("s");
		letPass(Duration.ofMillis(300));
		first.publish(Event.of("a", "two"));
		letPass(Duration.ofMillis(500));
		assertThat(cursors("s").get(0).position()).isZero();
		first.close();
		assertThat(this.batches).isEmpty();
		DurableEventBus second = bus();
		second.subscribe(subscriber);
		second.start();
		second.publish(Event.of("a", "three"));
		await().untilAsserted(() -> assertThat(this.batches).containsExactly(List.of("one", "two", "three")));
	}

	@Test
	void theTimerOfABatchThatWasFullBeforeStartsNothing() {
		ExecutorService threads = Executors.newCachedThreadPool();
		AtomicInteger runs = new AtomicInteger();
		try {
			DurableEventBus bus = bus(builder().workers((task) -> {
				runs.incrementAndGet();
				threads.execute(task);
			}));
			bus.subscribe(Subscriber.to("a")
				.id("s")
				.partitions(1)
				.batch(2)
				.batchWait(Duration.ofMillis(300))
				.batchHandler((events) -> {
					this.batches.add(data(events));
				}));
			bus.start();
			awaitOwned("s");
			letPass(Duration.ofMillis(200));
			bus.publish(Event.of("a", "one"));
			letPass(Duration.ofMillis(50));
			bus.publish(Event.of("a", "two"));
			await().until(() -> !this.batches.isEmpty());
			letPass(Duration.ofMillis(600));
			int before = runs.get();
			letPass(Duration.ofSeconds(1));
			assertThat(runs.get() - before).isLessThan(20);
		}
		finally {
			threads.shutdown();
		}
	}

	@Test
	void aTurnThatEndsBeforeTheBatchIsFullLosesNothingOfIt() {
		DurableEventBus bus = bus(builder().delivery(new DeliverySettings(4, Duration.ofSeconds(10),
				Duration.ofMillis(500), Duration.ofMillis(100), 10, 10_000, Duration.ofSeconds(20), Duration.ZERO)));
		AtomicInteger handled = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(2).concurrency(1).batch(1000).batchHandler((events) -> {
			handled.addAndGet(events.size());
		}));
		List<Event<?>> events = new ArrayList<>();
		IntStream.range(0, 4000).forEach((i) -> events.add(Event.of("a", i).withKey("k" + i)));
		bus.publishAll(events);
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.read")) {
				letPass2();
			}
			return call.call();
		};
		bus.start();
		await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(handled).hasValue(4000));
	}

	private static void letPass2() {
		java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
	}

	@Test
	void aBadEventTakesNoOtherWithItAlsoIfThereIsOneAttemptOnly() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).maxAttempts(1).batchHandler((events) -> {
			List<String> data = data(events);
			if (data.contains("bad")) {
				throw new IllegalStateException("bad");
			}
			this.batches.add(data);
		}));
		bus.publishAll(List.of(Event.of("a", "one"), Event.of("a", "bad"), Event.of("a", "three")));
		bus.start();
		await().until(() -> bus.deadLetters().count(Filter.all()) >= 1);
		await().untilAsserted(() -> assertThat(this.batches).contains(List.of("one"), List.of("three")));
		assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(1);
	}

}
