package dev.events.observation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class HandlerMdcTests {

	private final BlockingQueue<Map<String, String>> seen = new LinkedBlockingQueue<>();

	@AfterEach
	void clear() {
		MDC.clear();
	}

	private void see() {
		Map<String, String> entries = MDC.getCopyOfContextMap();
		this.seen.add((entries != null) ? new TreeMap<>(entries) : Map.of());
	}

	private Map<String, String> next() throws InterruptedException {
		Map<String, String> entries = this.seen.poll(10, TimeUnit.SECONDS);
		assertThat(entries).isNotNull();
		return entries;
	}

	@Test
	void logLinesOfHandlersSayForWhichEventTheyAre() throws Exception {
		try (DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).build()) {
			bus.subscribe(Subscriber.to("order.*").id("one").handler((event) -> see()));
			bus.start();
			Event<Integer> event = Event.of("order.placed", 1).withCorrelationId("c-1");
			bus.publish(event);
			assertThat(next()).isEqualTo(Map.of("eventId", event.id().toString(), "eventType", "order.placed",
					"eventSubscription", "one", "eventCorrelationId", "c-1"));
		}
	}

	@Test
	void aBatchHasItsSubscriptionOnly() throws Exception {
		try (DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).build()) {
			bus.subscribe(Subscriber.to("order.*").id("list").batch(5).batchHandler((events) -> see()));
			bus.start();
			bus.publish(Event.of("order.placed", 1));
			assertThat(next()).isEqualTo(Map.of("eventSubscription", "list"));
		}
	}

	@Test
	void whatWasThereBeforeIsThereAfterwards() throws Exception {
		try (DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).build()) {
			bus.subscribe(Subscriber.to("inner").id("i").synchronous().handler((event) -> see()));
			bus.subscribe(Subscriber.to("outer").id("o").synchronous().handler((event) -> {
				bus.publish(Event.of("inner", 1));
				see();
			}));
			MDC.put("request", "r-1");
			MDC.put("eventType", "mine");
			bus.publish(Event.of("outer", 1));
			assertThat(next()).containsEntry("eventSubscription", "i").containsEntry("eventType", "inner");
			assertThat(next()).containsEntry("eventSubscription", "o")
				.containsEntry("eventType", "outer")
				.containsEntry("request", "r-1");
			assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "r-1", "eventType", "mine"));
		}
	}

	@Test
	void aHandlerThatPublishesHasItsOwnEntriesAfterwards() throws Exception {
		try (DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).build()) {
			bus.subscribe(Subscriber.to("inner").id("i").synchronous().handler((event) -> {
				see();
				throw new IllegalStateException("refused");
			}));
			bus.subscribe(Subscriber.to("outer").id("o").handler((event) -> {
				assertThatExceptionOfType(EventException.class).isThrownBy(() -> bus.publish(Event.of("inner", 1)));
				see();
			}));
			bus.start();
			bus.publish(Event.of("outer", 1));
			assertThat(next()).containsEntry("eventSubscription", "i").containsEntry("eventType", "inner");
			assertThat(next()).containsEntry("eventSubscription", "o").containsEntry("eventType", "outer");
		}
	}

	@Test
	void threadsOfTheApplicationAreAsTheyWere() throws Exception {
		// whoever gives threads to us may have put something there
		List<Map<String, String>> left = new CopyOnWriteArrayList<>();
		try (DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).workers((task) -> new Thread(() -> {
			MDC.put("pool", "mine");
			MDC.put("eventId", "outside");
			task.run();
			left.add(MDC.getCopyOfContextMap());
		}).start()).build()) {
			bus.subscribe(Subscriber.to("fails").id("f").maxAttempts(1).handler((event) -> {
				see();
				throw new IllegalStateException("printer jam");
			}));
			bus.subscribe(
					Subscriber.to("later").id("l").function((event, delivery) -> CompletableFuture.supplyAsync(() -> {
						see();
						return null;
					})));
			bus.start();
			bus.publish(Event.of("fails", 1));
			assertThat(next()).containsEntry("pool", "mine").containsEntry("eventSubscription", "f");
			bus.publish(Event.of("later", 1));
			// another thread, which is not ours
			assertThat(next()).doesNotContainKey("eventSubscription");
			await().until(() -> bus.stats().delivered() == 1);
		}
		await().untilAsserted(() -> assertThat(left).hasSizeGreaterThanOrEqualTo(2)
			.containsOnly(Map.of("pool", "mine", "eventId", "outside")));
	}

	@Test
	void canBeSwitchedOff() throws Exception {
		try (DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).mdc(false).build()) {
			bus.subscribe(Subscriber.to("order.*").id("one").handler((event) -> see()));
			bus.subscribe(Subscriber.to("order.*").id("two").synchronous().handler((event) -> see()));
			bus.start();
			bus.publishAll(List.of(Event.of("order.placed", 1)));
			assertThat(next()).isEmpty();
			assertThat(next()).isEmpty();
		}
	}

}
