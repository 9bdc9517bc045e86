package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.store.CursorState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Starting and stopping, whatever stands in the way.
 */
class ShutdownTests extends EngineTest {

	private void receive(Event<?> event) {
		this.received.add(String.valueOf(event.data()));
	}

	private long owned() {
		return this.memory.cursors().list().stream().map(CursorState::owner).filter((owner) -> owner != null).count();
	}

	@Test
	void aFailedStartLeavesNothingRunning() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).handler(this::receive));
		bus.subscribe(Subscriber.to("a").id("t").partitions(1).handler(this::receive));
		AtomicInteger registered = new AtomicInteger();
		this.store.hook = (method, args, call) -> {
			if (method.equals("SubscriptionRegistry.register") && registered.incrementAndGet() == 2) {
				throw new EventStoreException("down", null);
			}
			return call.call();
		};
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(bus::start);
		assertThat(bus.isRunning()).isFalse();
		bus.publish(Event.of("a", 1));
		letPass(Duration.ofSeconds(1));
		assertThat(this.received).isEmpty();
		assertThat(owned()).isZero();
		bus.start();
		bus.publish(Event.of("a", 2));
		await().atMost(Duration.ofSeconds(20)).until(() -> this.received.size() >= 3);
		assertThat(this.received).filteredOn("2"::equals).hasSize(2);
	}

	@Test
	void aStartDoesNotFailBecauseAbandonedSubscriptionsCannotBeLookedFor() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").handler(this::receive));
		this.store.hook = (method, args, call) -> {
			if (method.equals("Nodes.list")) {
				throw new EventStoreException("down", null);
			}
			return call.call();
		};
		bus.start();
		bus.publish(Event.of("a", 1));
		awaitReceived("1");
	}

	@Test
	void stopAndStartDoNotRunTwoHandlersOfAKey() {
		DurableEventBus bus = bus();
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicBoolean release = new AtomicBoolean();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).handler((event) -> {
			most.accumulateAndGet(inside.incrementAndGet(), Math::max);
			while (!release.get()) {
				LockSupport.parkNanos(1_000_000);
				Thread.interrupted();
			}
			inside.decrementAndGet();
			receive(event);
		}));
		bus.start();
		awaitOwned("s");
		bus.publish(Event.of("a", 1).withKey("k"));
		bus.publish(Event.of("a", 2).withKey("k"));
		await().until(() -> inside.get() == 1);
		bus.stop();
		bus.start();
		// longer than a lease
		letPass(Duration.ofSeconds(3));
		assertThat(most).hasValue(1);
		release.set(true);
		awaitReceived("1", "2");
		assertThat(most).hasValue(1);
		assertThat(this.received).containsExactly("1", "2");
	}

	@Test
	void aHandlerMayStopTheBus() throws Exception {
		DurableEventBus bus = bus();
		CountDownLatch done = new CountDownLatch(1);
		bus.subscribe(Subscriber.to("a").id("s").partitions(4).handler((event) -> {
			bus.stop();
			done.countDown();
		}));
		bus.subscribe(Subscriber.to("b").id("t").partitions(1).handler(this::receive));
		bus.start();
		awaitOwned("s");
		awaitOwned("t");
		bus.publish(Event.of("a", 1));
		assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(bus.isRunning()).isFalse();
		assertThat(owned()).isLessThanOrEqualTo(1);
		assertThat(this.memory.nodes().list()).isEmpty();
	}

	@Test
	void stopByAnInterruptedThreadSavesAndReleases() throws Exception {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").partitions(4).handler(this::receive));
		bus.start();
		awaitOwned("s");
		AtomicBoolean stillInterrupted = new AtomicBoolean();
		Thread thread = new Thread(() -> {
			Thread.currentThread().interrupt();
			bus.stop();
			stillInterrupted.set(Thread.currentThread().isInterrupted());
		});
		thread.start();
		thread.join();
		assertThat(owned()).isZero();
		assertThat(this.memory.nodes().list()).isEmpty();
		assertThat(stillInterrupted).isTrue();
	}

	@Test
	void shutdownDoesNotInterruptTheStore() throws Exception {
		List<String> interrupted = new CopyOnWriteArrayList<>();
		CountDownLatch appending = new CountDownLatch(2);
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.append") && Thread.currentThread().getName().startsWith("events-")) {
				appending.countDown();
				long end = System.nanoTime() + 1_500_000_000;
				while (System.nanoTime() < end) {
					LockSupport.parkNanos(1_000_000);
					if (Thread.interrupted()) {
						interrupted.add(Thread.currentThread().getName());
					}
				}
			}
			return call.call();
		};
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).function((event, delivery) -> Event.of("b", 1)));
		bus.start();
		awaitOwned("s");
		bus.publish(Event.of("a", 1));
		bus.publishAsync(Event.of("c", 1));
		assertThat(appending.await(10, TimeUnit.SECONDS)).isTrue();
		bus.close();
		await().atMost(Duration.ofSeconds(10)).until(() -> this.memory.log().head() == 3);
		assertThat(interrupted).isEmpty();
	}

	@Test
	void anInterruptThatAHandlerLeavesBehindDoesNotReachTheStore() {
		List<String> interrupted = new CopyOnWriteArrayList<>();
		this.store.hook = (method, args, call) -> {
			if (Thread.currentThread().isInterrupted()) {
				interrupted.add(method);
			}
			return call.call();
		};
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).startAt(StartPosition.BEGINNING).handler((event) -> {
			receive(event);
			Thread.currentThread().interrupt();
		}));
		for (int i = 0; i < 600; i++) {
			bus.publish(Event.of("a", i));
		}
		bus.start();
		awaitReceived("599");
		bus.stop();
		assertThat(interrupted).isEmpty();
	}

}
