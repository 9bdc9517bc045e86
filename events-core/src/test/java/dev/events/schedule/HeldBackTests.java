package dev.events.schedule;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

	private final List<Long> releases = new CopyOnWriteArrayList<>();

	private final AtomicBoolean heldBack = new AtomicBoolean();

	private final DurableEventBus bus = DurableEventBus.builder(this.store).source("test").build();

	@BeforeEach
	void holdBack() {
		this.store.hook = (method, args, call) -> {
			if (method.equals("Schedule.release")) {
				this.releases.add(System.nanoTime());
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

	@Test
	void whatIsHeldBackIsAskedForLessAndLessOften() {
		this.heldBack.set(true);
		this.bus.publishIn(Duration.ZERO, Event.of("a", 1));
		this.bus.start();
		await().atMost(Duration.ofSeconds(30)).until(() -> this.releases.size() > 6);
		List<Long> pauses = IntStream.range(1, 7)
			.mapToObj((i) -> Duration.ofNanos(this.releases.get(i) - this.releases.get(i - 1)).toMillis())
			.toList();
		// then each 600 to 750 ms; the machine can only make them longer
		List<Long> shortest = List.of(50L, 100L, 200L, 400L, 600L, 600L);
		assertThat(IntStream.range(0, 6).filter((i) -> pauses.get(i) < shortest.get(i) - 5)).as("too short: %s", pauses)
			.isEmpty();
		this.heldBack.set(false);
		await().atMost(Duration.ofSeconds(10)).until(() -> this.bus.scheduled().count() == 0);
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
