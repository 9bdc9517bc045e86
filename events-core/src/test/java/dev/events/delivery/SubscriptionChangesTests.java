package dev.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.events.Event;
import dev.events.EventHandler;
import dev.events.EventStoreException;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.bus.DurableEventBus;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Subscriptions that come, go and change their number of partitions while events are
 * delivered.
 */
class SubscriptionChangesTests extends EngineTest {

	private final CountDownLatch inRetry = new CountDownLatch(1);

	private final CountDownLatch release = new CountDownLatch(1);

	private Subscriber<?> subscriber(int partitions, EventHandler<Object> handler) {
		return Subscriber.to("a").id("s").partitions(partitions).handler(handler);
	}

	private void receive(Event<?> event) {
		this.received.add(String.valueOf(event.data()));
	}

	/** Fails "one" once, and then holds it until it is released. */
	private Subscriber<?> hangsInRetry(Runnable beforeHanging) {
		return Subscriber.to("a").id("s").partitions(1).function((event, delivery) -> {
			if (event.data().equals("one") && delivery.attempt() == 1) {
				throw new IllegalStateException("first");
			}
			if (event.data().equals("one")) {
				beforeHanging.run();
				this.inRetry.countDown();
				this.release.await();
			}
			receive(event);
			return null;
		});
	}

	@Test
	void aNumberOfPartitionsChangedBetweenListAndClaimLosesNothing() {
		AtomicBoolean once = new AtomicBoolean(true);
		this.store.hook = (method, args, call) -> {
			if (method.equals("Cursors.claim") && once.compareAndSet(true, false)) {
				this.memory.subscriptions()
					.register(new SubscriptionRecord("s", List.of("a"), "handler", "{}", true, null, "code", 4),
							StartPosition.HEAD);
			}
			return call.call();
		};
		DurableEventBus bus = bus();
		bus.subscribe(subscriber(8, this::receive));
		bus.start();
		awaitOwned("s");
		for (int i = 0; i < 100; i++) {
			bus.publish(Event.of("a", i).withKey("k" + i));
		}
		await().atMost(Duration.ofSeconds(20)).until(() -> this.received.size() >= 100);
		assertThat(this.received).hasSize(100).doesNotHaveDuplicates();
	}

	/**
	 * Else the node would be taken for dead, and lose the first before it has the last.
	 */
	@Test
	void aNodeWithManySubscriptionsAndASlowStoreShowsThatItIsAlive() {
		AtomicInteger claims = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		this.store.hook = (method, args, call) -> {
			if (method.equals("Nodes.heartbeat")) {
				claims.set(0);
			}
			else if (method.equals("Cursors.claim")) {
				most.accumulateAndGet(claims.incrementAndGet(), Math::max);
				LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
			}
			return call.call();
		};
		DurableEventBus bus = bus();
		for (int i = 0; i < 40; i++) {
			bus.subscribe(Subscriber.to("a").id("s" + i).partitions(1).handler(this::receive));
		}
		bus.start();
		IntStream.range(0, 40).forEach((i) -> awaitOwned("s" + i));
		// leases are of two seconds
		assertThat(most.get()).isLessThan(15);
	}

	@Test
	void aSubscriptionThatItsHandlerRemovesDuringARetryLosesNothing() throws Exception {
		DurableEventBus bus = bus();
		AtomicReference<Subscription> self = new AtomicReference<>();
		bus.start();
		self.set(bus.subscribe(hangsInRetry(() -> self.get().close())));
		bus.publish(Event.of("a", "one"));
		assertThat(this.inRetry.await(10, TimeUnit.SECONDS)).isTrue();
		bus.publish(Event.of("a", "two"));
		bus.stop();
		this.release.countDown();
		DurableEventBus second = bus();
		second.subscribe(subscriber(1, this::receive));
		second.start();
		awaitReceived("two");
	}

	@Test
	void aSubscriptionClosedDuringARetryLosesNothing() throws Exception {
		DurableEventBus bus = bus();
		bus.start();
		Subscription subscription = bus.subscribe(hangsInRetry(() -> {
		}));
		bus.publish(Event.of("a", "one"));
		assertThat(this.inRetry.await(10, TimeUnit.SECONDS)).isTrue();
		Thread closer = new Thread(subscription::close);
		closer.start();
		await().until(() -> closer.getState() == Thread.State.TIMED_WAITING || !closer.isAlive());
		bus.publish(Event.of("a", "two"));
		// longer than the time after which also what was passed over is saved
		letPass(Duration.ofSeconds(6));
		this.release.countDown();
		closer.join();
		bus.subscribe(subscriber(1, this::receive));
		awaitReceived("two");
	}

	@Test
	void aHandlerMayReplaceItsOwnSubscription() throws Exception {
		DurableEventBus bus = bus();
		AtomicReference<Subscription> self = new AtomicReference<>();
		CountDownLatch after = new CountDownLatch(1);
		bus.start();
		self.set(bus.subscribe(subscriber(1, (event) -> {
			self.get().close();
			bus.subscribe(subscriber(1, (other) -> {
				if (other.data().equals("after")) {
					after.countDown();
				}
			}));
		})));
		bus.publish(Event.of("a", "replace"));
		bus.publish(Event.of("a", "after"));
		assertThat(after.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void whatAHandlerDoesAfterItsSubscriptionWasRemovedIsSaved() throws Exception {
		DurableEventBus bus = bus();
		CountDownLatch entered = new CountDownLatch(1);
		bus.start();
		Subscription subscription = bus.subscribe(subscriber(1, (event) -> {
			entered.countDown();
			this.release.await();
			receive(event);
		}));
		bus.publish(Event.of("a", 1));
		assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
		subscription.close();
		bus.subscribe(subscriber(1, this::receive));
		this.release.countDown();
		bus.publish(Event.of("a", 2));
		awaitReceived("2");
		assertThat(this.received).containsExactly("1", "2");
	}

	@Test
	void aSubscriptionDeletedWhileItsNodeWasNotSeenComesBack() {
		DurableEventBus one = bus();
		DurableEventBus other = DurableEventBus.builder(this.memory).build();
		one.subscribe(subscriber(1, this::receive));
		one.start();
		awaitOwned("s");
		this.store.hook = (method, args, call) -> {
			throw new EventStoreException("cut", null);
		};
		await().atMost(Duration.ofSeconds(20)).until(() -> this.memory.nodes().list().isEmpty());
		assertThat(other.subscriptions().delete("s")).isTrue();
		this.store.hook = (method, args, call) -> call.call();
		awaitOwned("s");
		one.publish(Event.of("a", 1));
		awaitReceived("1");
	}

	@Test
	void anotherNumberOfPartitionsKeepsTheOrderOfAKeyWithAParkedEvent() throws Exception {
		DurableEventBus first = bus(
				builder().retry(new RetryPolicy(9, Duration.ofSeconds(3), 1, Duration.ofSeconds(3), 0)));
		first.subscribe(Subscriber.to("a").id("s").partitions(2).function((event, delivery) -> {
			if (event.data().equals("hang")) {
				this.release.await();
			}
			if (event.data().equals("two")) {
				throw new IllegalStateException("not on this node");
			}
			receive(event);
			return null;
		}));
		first.start();
		awaitOwned("s");
		first.publish(Event.of("a", "hang").withKey(keyElsewhere("k0")));
		first.publish(Event.of("a", "one").withKey("k0"));
		first.publish(Event.of("a", "two").withKey("k0"));
		awaitReceived("one");
		await().until(() -> this.memory.deliveries().counts().stream().anyMatch((counts) -> counts.waiting() == 1));
		first.stop();
		DurableEventBus second = bus();
		second.subscribe(subscriber(3, this::receive));
		second.start();
		awaitReceived("two", "hang");
		assertThat(this.received).filteredOn((data) -> !data.equals("hang")).containsExactly("one", "two");
	}

	@Test
	void aNumberOfPartitionsChangedBetweenClaimAndReadKeepsTheOrderOfAKey() {
		DurableEventBus first = bus(
				builder().retry(new RetryPolicy(9, Duration.ofSeconds(4), 1, Duration.ofSeconds(4), 0)));
		first.subscribe(Subscriber.to("a").id("s").partitions(2).handler((event) -> {
			throw new IllegalStateException("first");
		}));
		first.start();
		awaitOwned("s");
		// of partition 1, so that it moves when there is only one
		String key = (partition("k0") == 1) ? "k0" : keyElsewhere("k0");
		first.publish(Event.of("a", "one").withKey(key));
		await().until(() -> this.memory.deliveries().counts().stream().anyMatch((counts) -> counts.waiting() == 1));
		first.stop();
		first.publish(Event.of("a", "two").withKey(key));
		AtomicBoolean once = new AtomicBoolean(true);
		this.store.hook = (method, args, call) -> {
			if (method.equals("Deliveries.parkedState") && once.compareAndSet(true, false)) {
				this.memory.subscriptions()
					.register(new SubscriptionRecord("s", List.of("a"), "handler", "{}", true, null, "code", 1),
							StartPosition.HEAD);
			}
			return call.call();
		};
		DurableEventBus second = bus();
		second.subscribe(subscriber(2, this::receive));
		second.start();
		awaitReceived("one", "two");
		assertThat(this.received).containsExactly("one", "two");
	}

	private static String keyElsewhere(String key) {
		int partition = partition(key);
		return Stream.iterate(1, (i) -> i + 1)
			.map((i) -> "x" + i)
			.filter((other) -> partition(other) != partition)
			.findFirst()
			.orElseThrow();
	}

	private static int partition(String key) {
		return PartitionId.of(PartitionId.hash(new EventRecord(new UUID(0, 1), "a", "1", "s", key, null, null, "c",
				null, Instant.EPOCH, "1", Map.of())), 2);
	}

	@Test
	void anotherNumberOfPartitionsFromAnotherNodeWaitsForRunningHandlers() {
		// longer than the machine stands still: who has lost a lease may still run
		DeliverySettings patient = DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(10));
		DurableEventBus one = bus(builder().delivery(patient));
		DurableEventBus two = bus(builder().delivery(patient));
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		EventHandler<Object> handler = (event) -> {
			most.accumulateAndGet(inside.incrementAndGet(), Math::max);
			letPass(Duration.ofMillis(100));
			inside.decrementAndGet();
			receive(event);
		};
		one.subscribe(subscriber(1, handler));
		one.start();
		awaitOwned("s");
		for (int i = 0; i < 20; i++) {
			one.publish(Event.of("a", i).withKey("k"));
		}
		awaitReceived("5");
		two.subscribe(subscriber(2, handler));
		two.start();
		awaitReceived("19");
		assertThat(most).hasValue(1);
	}

	@Test
	void aFailedSubscribeLeavesNothing() {
		DurableEventBus bus = bus();
		bus.start();
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.head")) {
				throw new EventStoreException("cut", null);
			}
			return call.call();
		};
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> bus.subscribe("a", this::receive));
		this.store.hook = (method, args, call) -> call.call();
		assertThat(bus.stats().subscriptions()).isEmpty();
	}

	@Test
	void nothingIsHandledAgainWhenTheNumberOfPartitionsChanges() {
		CountDownLatch release = new CountDownLatch(1);
		for (int partitions : new int[] { 4, 3, 7, 1 }) {
			DurableEventBus bus = bus();
			bus.subscribe(Subscriber.to("a").id("s").partitions(partitions).handler((event) -> {
				if (partitions == 4 && "k0".equals(event.key())) {
					// this partition stays far behind the others
					release.await();
				}
				this.received.add("" + event.data());
			}));
			bus.start();
			awaitOwned("s");
			for (int i = 0; i < 100; i++) {
				bus.publish(Event.of("a", partitions + "/" + i).withKey("k" + i % 10));
			}
			if (partitions == 4) {
				await().until(() -> this.received.stream().filter((data) -> data.startsWith("4/9")).count() > 0);
				letPass(Duration.ofMillis(300));
			}
			else if (partitions == 1) {
				await().untilAsserted(() -> assertThat(this.received).hasSize(400));
			}
			bus.close();
		}
		assertThat(this.received).doesNotHaveDuplicates();
	}

}
