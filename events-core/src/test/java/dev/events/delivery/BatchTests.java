package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.NonRetryableEventException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers that take several events at once.
 */
class BatchTests extends EngineTest {

	private final List<List<String>> batches = new CopyOnWriteArrayList<>();

	private static List<String> data(List<Event<Object>> events) {
		return events.stream().map((event) -> "" + event.data()).toList();
	}

	private List<String> handled() {
		List<String> all = new ArrayList<>();
		this.batches.forEach(all::addAll);
		return all;
	}

	private static List<Event<?>> events(int from, int to) {
		List<Event<?>> events = new ArrayList<>();
		IntStream.range(from, to).forEach((i) -> events.add(Event.of("a", i).withKey("k" + i % 3)));
		return events;
	}

	@Test
	void aBacklogComesInFullBatchesInOrder() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).batch(100).batchHandler((events) -> {
			this.batches.add(data(events));
		}));
		bus.publishAll(events(0, 1050));
		bus.start();
		await().untilAsserted(() -> assertThat(handled()).hasSize(1050));
		assertThat(handled()).isEqualTo(IntStream.range(0, 1050).mapToObj(String::valueOf).toList());
		assertThat(this.batches).allSatisfy((batch) -> assertThat(batch).hasSizeLessThanOrEqualTo(100));
		assertThat(this.batches).hasSize(11);
	}

	@Test
	void aBatchCanBeLargerThanWhatIsReadAtOnce() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a")
			.id("s")
			.partitions(1)
			.batch(7000)
			.batchWait(Duration.ofMinutes(1))
			.batchHandler((events) -> {
				this.batches.add(data(events));
			}));
		bus.publishAll(events(0, 7500));
		bus.start();
		await().until(() -> !this.batches.isEmpty());
		assertThat(this.batches).singleElement().satisfies((batch) -> assertThat(batch).hasSize(7000));
	}

	@Test
	void withoutAWaitWhatIsThereIsHandled() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).batchHandler((events) -> {
			this.batches.add(data(events));
		}));
		bus.start();
		awaitOwned("s");
		bus.publish(Event.of("a", "one"));
		await().untilAsserted(() -> assertThat(this.batches).containsExactly(List.of("one")));
	}

	@Test
	void aBatchThatIsNotFullWaitsForMore() {
		DurableEventBus bus = bus();
		bus.subscribe(
				Subscriber.to("a").id("s").partitions(1).batchWait(Duration.ofMinutes(1)).batchHandler((events) -> {
					this.batches.add(data(events));
				}));
		bus.start();
		awaitOwned("s");
		bus.publish(Event.of("a", "one"));
		letPass(Duration.ofMillis(200));
		bus.publish(Event.of("a", "two"));
		letPass(Duration.ofMillis(200));
		assertThat(this.batches).isEmpty();
		assertThat(cursors("s").get(0).position()).isZero();
	}

	@Test
	void aBatchThatIsNotFullDoesNotWaitForEver() {
		DurableEventBus bus = bus();
		bus.subscribe(
				Subscriber.to("a").id("s").partitions(1).batchWait(Duration.ofMillis(300)).batchHandler((events) -> {
					this.batches.add(data(events));
				}));
		bus.start();
		awaitOwned("s");
		bus.publishAll(List.of(Event.of("a", "one"), Event.of("b", "for nobody"), Event.of("a", "two")));
		await().untilAsserted(() -> assertThat(this.batches).containsExactly(List.of("one", "two")));
		await().untilAsserted(() -> assertThat(cursors("s").get(0).position()).isGreaterThanOrEqualTo(3));
	}

	@Test
	void aFullBatchDoesNotWait() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a")
			.id("s")
			.partitions(1)
			.batch(2)
			.batchWait(Duration.ofSeconds(50))
			.batchHandler((events) -> {
				this.batches.add(data(events));
			}));
		bus.start();
		awaitOwned("s");
		bus.publish(Event.of("a", "one"));
		bus.publish(Event.of("a", "two"));
		await().untilAsserted(() -> assertThat(this.batches).containsExactly(List.of("one", "two")));
	}

	@Test
	void aFailedBatchIsTriedAgainOneByOneAndKeepsTheOrderOfKeys() {
		DurableEventBus bus = bus();
		AtomicInteger calls = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).batch(6).batchHandler((events) -> {
			if (calls.incrementAndGet() == 1) {
				assertThat(events).hasSize(6);
			}
			List<String> data = data(events);
			if (data.contains("4")) {
				throw new NonRetryableEventException("4 is bad");
			}
			this.batches.add(data);
		}));
		bus.publishAll(events(0, 12));
		bus.start();
		await().untilAsserted(() -> assertThat(handled()).hasSize(11));
		for (int key = 0; key < 3; key++) {
			int k = key;
			assertThat(handled().stream().map(Integer::valueOf).filter((i) -> i % 3 == k)).isSorted();
		}
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0).event().data()).hasToString("4");
	}

	@Test
	void anEventThatCannotBeReadDoesNotTakeOthersWithIt() {
		DurableEventBus bus = bus();
		List<Integer> sums = new CopyOnWriteArrayList<>();
		bus.subscribe(Subscriber.to("a").as(Integer.class).id("s").partitions(1).batchHandler((events) -> {
			events.forEach((event) -> sums.add(event.data()));
		}));
		bus.publishAll(List.of(Event.of("a", 1), Event.of("a", "no number"), Event.of("a", 3)));
		bus.start();
		await().untilAsserted(() -> assertThat(sums).containsExactly(1, 3));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
	}

	@Test
	void theFilterAppliesToEachEvent() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a")
			.id("s")
			.partitions(1)
			.where((event) -> ((Integer) event.data()) % 2 == 0)
			.batchHandler((events) -> {
				this.batches.add(data(events));
			}));
		bus.publishAll(events(0, 10));
		bus.start();
		await().untilAsserted(() -> assertThat(this.batches).containsExactly(List.of("0", "2", "4", "6", "8")));
		await().untilAsserted(() -> assertThat(cursors("s").get(0).position()).isGreaterThanOrEqualTo(10));
	}

	@Test
	void aWaitingBatchIsNotLostAtShutdown() {
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
		first.start();
		awaitOwned("s");
		first.publish(Event.of("a", "one"));
		first.publish(Event.of("a", "two"));
		letPass(Duration.ofMillis(100));
		first.close();
		assertThat(this.batches).isEmpty();
		DurableEventBus second = bus();
		second.subscribe(subscriber);
		second.start();
		second.publish(Event.of("a", "three"));
		await().untilAsserted(() -> assertThat(this.batches).containsExactly(List.of("one", "two", "three")));
	}

	@Test
	void whatIsBlockedStaysBehindItsKey() {
		DurableEventBus bus = bus(builder().retry(FAST.withMaxAttempts(1000)));
		CountDownLatch healed = new CountDownLatch(1);
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).batch(4).batchHandler((events) -> {
			List<String> data = data(events);
			if (data.contains("bad") && healed.getCount() > 0) {
				throw new IllegalStateException("bad");
			}
			this.batches.add(data);
		}));
		bus.start();
		awaitOwned("s");
		bus.publish(Event.of("a", "bad").withKey("k"));
		await().until(() -> bus.stats().failed() > 0);
		bus.publishAll(List.of(Event.of("a", "1").withKey("k"), Event.of("a", "x"), Event.of("a", "2").withKey("k"),
				Event.of("a", "y")));
		await().untilAsserted(() -> assertThat(handled()).contains("x", "y"));
		assertThat(handled()).doesNotContain("1", "2");
		healed.countDown();
		await().untilAsserted(() -> assertThat(handled()).containsSubsequence("bad", "1", "2"));
	}

}
