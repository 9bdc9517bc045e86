package dev.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.store.EventRecord;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What goes wrong in one place stays there.
 */
class FaultIsolationTests extends EngineTest {

	@Test
	void anExecutorThatFailsOnceLosesAndRepeatsNothing() {
		ExecutorService pool = Executors.newCachedThreadPool();
		AtomicBoolean fail = new AtomicBoolean();
		DurableEventBus bus = bus(builder().workers((task) -> {
			if (fail.compareAndSet(true, false)) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			pool.execute(task);
		}));
		bus.subscribe(Subscriber.to("a")
			.id("one")
			.partitions(1)
			.handler((event) -> this.received.add("one " + event.data())));
		bus.subscribe(Subscriber.to("a")
			.id("two")
			.partitions(1)
			.handler((event) -> this.received.add("two " + event.data())));
		bus.start();
		awaitOwned("one");
		awaitOwned("two");
		fail.set(true);
		bus.publishAll(List.of(Event.of("a", 1).withKey("k"), Event.of("a", 2).withKey("k")));
		bus.publish(Event.of("a", 3).withKey("k"));
		awaitReceived("one 3", "two 3");
		assertThat(this.received).containsExactlyInAnyOrder("one 1", "one 2", "one 3", "two 1", "two 2", "two 3");
		pool.shutdown();
	}

	@Test
	void anExecutorNeverRunsHandlersInTheThreadOfTheCaller() {
		ExecutorService pool = Executors.newCachedThreadPool();
		AtomicInteger tasks = new AtomicInteger();
		// as a pool with CallerRunsPolicy does when it is full
		Executor executor = (task) -> {
			if (tasks.getAndIncrement() % 2 == 0) {
				task.run();
			}
			else {
				pool.execute(task);
			}
		};
		List<String> threads = new java.util.concurrent.CopyOnWriteArrayList<>();
		DurableEventBus bus = bus(builder().workers(executor));
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).handler((event) -> {
			threads.add(Thread.currentThread().getName());
			this.received.add("" + event.data());
		}));
		bus.start();
		for (int i = 0; i < 5; i++) {
			bus.publish(Event.of("a", i));
			awaitReceived("" + i);
		}
		assertThat(this.received).containsExactly("0", "1", "2", "3", "4");
		assertThat(threads).noneMatch((name) -> name.startsWith("events-"));
		pool.shutdown();
	}

	@Test
	void progressThatIsRefusedHarmsOnlyItsPartition() {
		this.store.hook = (method, args, call) -> {
			if (method.equals("Cursors.checkpoint") && RetryOrderTests.parks(args[0])) {
				throw new EventStoreException("value too long", null);
			}
			return call.call();
		};
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("bad").partitions(1).handler((event) -> {
			throw new IllegalStateException("x");
		}));
		bus.subscribe(
				Subscriber.to("a").id("fine").partitions(1).handler((event) -> this.received.add("" + event.data())));
		bus.start();
		awaitOwned("bad");
		awaitOwned("fine");
		for (int i = 1; i <= 10; i++) {
			bus.publish(Event.of("a", i));
		}
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(cursors("fine").get(0).position()).isEqualTo(10));
		assertThat(cursors("bad").get(0).position()).isZero();
		this.store.hook = (method, args, call) -> call.call();
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(cursors("bad").get(0).position()).isEqualTo(10));
	}

	@Test
	void aSubscriptionThatCannotBeClaimedHarmsOnlyItself() {
		AtomicBoolean broken = new AtomicBoolean(true);
		this.store.hook = (method, args, call) -> {
			if (broken.get() && method.equals("Deliveries.parkedState") && args[0].toString().startsWith("bad")) {
				throw new EventStoreException("broken", null);
			}
			return call.call();
		};
		DurableEventBus bus = bus();
		for (String id : List.of("bad", "fine")) {
			bus.subscribe(Subscriber.to("a").id(id).partitions(1).handler((event) -> this.received.add(id)));
		}
		bus.start();
		bus.publish(Event.of("a", 1));
		awaitReceived("fine");
		assertThat(this.received).doesNotContain("bad");
		broken.set(false);
		awaitReceived("bad");
	}

	@Test
	void aRowThatIsNoEventDoesNotStopTheLog() {
		this.store.hook = (method, args, call) -> {
			Object result = call.call();
			return (result instanceof LogSegment segment)
					? new LogSegment(segment.events().stream().map(FaultIsolationTests::poisoned).toList(),
							segment.settled(), segment.more())
					: result;
		};
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add("" + event.data())));
		bus.start();
		awaitOwned("s");
		bus.publishAll(List.of(Event.of("a", 1).withKey("k"), Event.of("a", 2).withKey("k")));
		awaitReceived("2");
		assertThat(this.received).containsExactly("2");
	}

	@SuppressWarnings("NullAway") // what a row may be like that somebody else has written
	private static StoredEvent poisoned(StoredEvent event) {
		return (event.position() != 1) ? event : new StoredEvent(1, new EventRecord(new UUID(0, 1), null, "1", "s",
				null, null, null, "c", null, Instant.EPOCH, null, Map.of()));
	}

	@Test
	void anIdleSubscriptionWritesNothing() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).handler((event) -> this.received.add("x")));
		bus.start();
		awaitOwned("s");
		bus.publish(Event.of("a", 1));
		bus.publish(Event.of("b", 1));
		await().atMost(Duration.ofSeconds(20)).until(() -> cursors("s").get(0).position() == 2);
		letPass(Duration.ofMillis(500));
		AtomicInteger writes = new AtomicInteger();
		this.store.hook = (method, args, call) -> {
			if (method.equals("Cursors.checkpoint")) {
				writes.incrementAndGet();
			}
			return call.call();
		};
		letPass(Duration.ofSeconds(2));
		assertThat(writes).hasValue(0);
	}

	@Test
	void pagesOfLargeEventsAreBounded() {
		AtomicLong largest = new AtomicLong();
		this.store.hook = (method, args, call) -> {
			Object result = call.call();
			if (method.equals("EventLog.read") || method.equals("EventLog.follow")) {
				largest.accumulateAndGet(weight(result), Math::max);
			}
			return result;
		};
		DurableEventBus bus = bus();
		AtomicInteger count = new AtomicInteger();
		bus.subscribe(Subscriber.to("a")
			.id("s")
			.partitions(1)
			.startAt(StartPosition.BEGINNING)
			.handler((event) -> count.incrementAndGet()));
		String large = "x".repeat(100_000);
		for (int i = 0; i < 200; i++) {
			bus.publish(Event.of("a", large));
		}
		bus.start();
		await().atMost(Duration.ofSeconds(20)).until(() -> count.get() == 200);
		assertThat(largest.get()).isLessThan(8_000_000L);
	}

	private static long weight(Object read) {
		List<Object> events = new ArrayList<>();
		events.addAll((read instanceof LogSegment segment) ? segment.events() : (List<?>) read);
		return events.stream().mapToLong((event) -> ((StoredEvent) event).event().data().length()).sum();
	}

}
