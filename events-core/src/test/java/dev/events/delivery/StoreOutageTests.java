package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class StoreOutageTests {

	private final CuttableStore store = new CuttableStore(new MemoryEventStore());

	private final List<Object> received = new CopyOnWriteArrayList<>();

	private final DurableEventBus bus = DurableEventBus.builder(this.store)
		.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(1))
			.withShutdownTimeout(Duration.ofSeconds(40)))
		.build();

	@AfterEach
	void close() {
		this.store.cut(false);
		this.bus.close();
	}

	@Test
	void publishersGetTheErrorAndDeliveryGoesOnByItself() {
		this.bus.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add(event.data())));
		this.bus.start();
		this.bus.publish(Event.of("a", 1));
		await().untilAsserted(() -> assertThat(this.received).containsExactly(1));
		this.store.cut(true);
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.bus.publish(Event.of("a", 2)));
		assertThat(this.bus.publishAsync(Event.of("a", 3))).failsWithin(Duration.ofSeconds(10));
		await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
		this.store.cut(false);
		this.bus.publish(Event.of("a", 4));
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(this.received).contains(4));
		assertThat(this.received).doesNotContain(2, 3);
	}

	@Test
	void aFailedStartCanBeRepeated() {
		this.bus.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add(event.data())));
		this.store.cut(true);
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(this.bus::start);
		assertThat(this.bus.isRunning()).isFalse();
		this.store.cut(false);
		this.bus.start();
		this.bus.publish(Event.of("a", 1));
		await().untilAsserted(() -> assertThat(this.received).containsExactly(1));
	}

	@Test
	void aHandlerMaySubscribeWhileTheBusStops() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch stopping = new CountDownLatch(1);
		this.bus.subscribe(Subscriber.to("a").id("s").handler((event) -> {
			entered.countDown();
			stopping.await();
			this.bus.subscribe("b", (other) -> {
			}).close();
			this.received.add(event.data());
		}));
		this.bus.start();
		this.bus.publish(Event.of("a", 1));
		assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
		Thread stopper = new Thread(this.bus::stop);
		stopper.start();
		await().until(() -> stopper.getState() == Thread.State.TIMED_WAITING);
		stopping.countDown();
		// sooner than it would give up waiting for the handler
		stopper.join(Duration.ofSeconds(30).toMillis());
		assertThat(stopper.isAlive()).isFalse();
		assertThat(this.received).containsExactly(1);
	}

}
