package dev.events.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.Event;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How many handlers of a subscription run at the same time.
 */
class ConcurrencyTests extends EngineTest {

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	@Test
	void withoutALimitEachPartitionHasItsOwnThread() {
		DurableEventBus bus = bus();
		CountDownLatch all = new CountDownLatch(4);
		bus.subscribe(Subscriber.to("a").id("s").partitions(4).handler((event) -> {
			all.countDown();
			all.await();
		}));
		bus.start();
		for (int i = 0; i < 100; i++) {
			bus.publish(Event.of("a", i));
		}
		await().until(() -> all.getCount() == 0);
	}

	@Test
	void neverMoreThanAllowedAndAllOfItIsDone() {
		DurableEventBus bus = bus();
		Set<Object> done = ConcurrentHashMap.newKeySet();
		CountDownLatch two = new CountDownLatch(2);
		bus.subscribe(Subscriber.to("a").id("s").partitions(8).concurrency(2).handler((event) -> {
			this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			two.countDown();
			two.await();
			if (((Integer) event.data()) % 50 == 0) {
				letPass(Duration.ofMillis(20));
			}
			done.add(event.data());
			this.running.decrementAndGet();
		}));
		bus.start();
		awaitOwned("s");
		for (int i = 0; i < 3000; i++) {
			bus.publish(Event.of("a", i).withKey("k" + i % 40));
		}
		await().atMost(Duration.ofSeconds(30)).until(() -> done.size() == 3000);
		assertThat(this.most).hasValue(2);
	}

	@Test
	void aPartitionWithABacklogDoesNotStarveTheOthers() {
		DurableEventBus bus = bus();
		AtomicInteger handled = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(2).concurrency(1).handler((event) -> {
			if (event.data().equals("slow")) {
				letPass(Duration.ofMillis(20));
				handled.incrementAndGet();
			}
			else {
				this.received.add("quick after " + (handled.get() < 400));
			}
		}));
		for (int i = 0; i < 500; i++) {
			bus.publish(Event.of("a", "slow").withKey("k0"));
		}
		// keys enough that some are of the other partition
		for (int i = 1; i < 20; i++) {
			bus.publish(Event.of("a", "quick").withKey("k" + i));
		}
		bus.start();
		awaitReceived("quick after true");
	}

	@Test
	void whatWaitedBehindAKeyDoesNotStarveTheOthersEither() {
		DurableEventBus bus = bus(builder().retry(FAST.withMaxAttempts(100_000)));
		CountDownLatch heal = new CountDownLatch(1);
		AtomicInteger handled = new AtomicInteger();
		AtomicInteger handledBeforeQuick = new AtomicInteger(-1);
		bus.subscribe(Subscriber.to("a").id("s").partitions(2).concurrency(1).handler((event) -> {
			if (!"k0".equals(event.key())) {
				handledBeforeQuick.compareAndSet(-1, handled.get());
				this.received.add("quick");
				return;
			}
			if (heal.getCount() > 0) {
				throw new IllegalStateException("not yet");
			}
			letPass(Duration.ofMillis(20));
			if (handled.incrementAndGet() == 1) {
				// keys enough that some are of the other partition
				for (int i = 1; i < 20; i++) {
					bus.publish(Event.of("a", "quick").withKey("k" + i));
				}
			}
		}));
		bus.start();
		for (int i = 0; i < 100; i++) {
			bus.publish(Event.of("a", i).withKey("k0"));
		}
		await().until(() -> bus.subscriptions().list().get(0).parked() == 100);
		heal.countDown();
		awaitReceived("quick");
		assertThat(handledBeforeQuick.get()).isLessThan(60);
		await().atMost(Duration.ofSeconds(30)).until(() -> handled.get() == 100 && this.received.size() == 19);
	}

}
