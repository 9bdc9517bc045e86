package dev.events.schedule;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.HookedStore;
import dev.events.memory.MemoryEventStore;
import dev.events.store.Released;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A release that somebody else holds up, for instance a transaction that is about to
 * cancel, or a release that fails or hangs.
 */
@Timeout(60)
class HeldBackTests {

	private final HookedStore store = new HookedStore(new MemoryEventStore());

	private final AtomicInteger releases = new AtomicInteger();

	private final AtomicBoolean heldBack = new AtomicBoolean();

	private final DurableEventBus bus = DurableEventBus.builder(this.store).source("test").build();

	@BeforeEach
	void holdBack() {
		this.store.hook = (method, args, call) -> {
			if (method.equals("Schedule.release")) {
				this.releases.incrementAndGet();
				if (this.heldBack.get()) {
					return new Released(List.of(), this.store.now(), this.store.now().minusSeconds(1));
				}
			}
			return call.call();
		};
	}

	@AfterEach
	void close() {
		this.bus.close();
	}

	private static void pass(Duration time) {
		await().pollDelay(time).atMost(time.plusSeconds(20)).until(() -> true);
	}

	@Test
	void whatIsHeldBackIsAskedForLessAndLessOften() {
		this.heldBack.set(true);
		this.bus.publishIn(Duration.ZERO, Event.of("a", 1));
		this.bus.start();
		pass(Duration.ofSeconds(3));
		// 0, 50, 150, 350, 750 ms, and then each 600 to 750 ms
		assertThat(this.releases.get()).isBetween(4, 10);
		this.heldBack.set(false);
		await().atMost(Duration.ofSeconds(2)).until(() -> this.bus.scheduled().count() == 0);
	}

	/** It may have been too much at once. */
	@Test
	void aReleaseThatFailsIsTriedWithFewerEvents() {
		this.store.hook = (method, args, call) -> {
			if (method.equals("Schedule.release") && (Integer) args[0] > 100) {
				throw new EventStoreException("takes too long", null);
			}
			return call.call();
		};
		IntStream.range(0, 300).forEach((i) -> this.bus.publishIn(Duration.ZERO, Event.of("a", i)));
		this.bus.start();
		await().atMost(Duration.ofSeconds(20)).until(() -> this.bus.scheduled().count() == 0);
	}

	@Test
	void aReleaseThatHangsWhenItIsStoppedDoesNotHoldUpTheNextStart() throws Exception {
		CountDownLatch hanging = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		this.store.hook = (method, args, call) -> {
			Object result = call.call();
			if (method.equals("Schedule.release") && hanging.getCount() > 0) {
				hanging.countDown();
				goOn.await();
			}
			return result;
		};
		this.bus.start();
		assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();
		this.bus.stop();
		this.bus.start();
		this.bus.publishIn(Duration.ofMillis(20), Event.of("a", 1));
		await().until(() -> this.bus.scheduled().count() == 0);
		goOn.countDown();
		this.bus.publishIn(Duration.ofMillis(20), Event.of("a", 2));
		await().until(() -> this.bus.scheduled().count() == 0);
		assertThat(this.store.log().follow(0, 10).events()).hasSize(2);
	}

}
