package dev.events.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.Event;
import dev.events.Publication;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.HookedStore;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Asynchronous publishing when the store or the publisher's own callbacks misbehave.
 */
@Timeout(30)
class PublisherFaultsTests {

	private final HookedStore store = new HookedStore(new MemoryEventStore());

	private final DurableEventBus bus = DurableEventBus.builder(this.store).build();

	@AfterEach
	void close() {
		this.bus.close();
	}

	@Test
	void anErrorInTheStoreDoesNotEndAsynchronousPublishing() {
		AtomicBoolean once = new AtomicBoolean(true);
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.append") && once.compareAndSet(true, false)) {
				throw new StackOverflowError();
			}
			return call.call();
		};
		assertThat(this.bus.publishAsync(Event.of("a", 1))).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(StackOverflowError.class);
		assertThat(this.bus.publishAsync(Event.of("a", 2))).succeedsWithin(Duration.ofSeconds(10))
			.matches(Publication::isStored);
	}

	@Test
	void aCallbackMayPublishAndWait() {
		CompletableFuture<Publication> inner = new CompletableFuture<>();
		this.bus.publishAsync(Event.of("a", 1)).thenAccept((publication) -> {
			CompletableFuture<Publication> next = this.bus.publishAsync(Event.of("a", 2));
			inner.complete(next.join());
		});
		assertThat(inner).succeedsWithin(Duration.ofSeconds(10)).matches(Publication::isStored);
	}

	@Test
	void callbacksRunInTheOrderOfPublication() {
		List<Integer> order = new CopyOnWriteArrayList<>();
		List<CompletableFuture<Void>> callbacks = new ArrayList<>();
		List<Integer> expected = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			int number = i;
			expected.add(i);
			callbacks.add(this.bus.publishAsync(Event.of("a", i)).thenAccept((publication) -> {
				if (!Thread.currentThread().getName().equals("main")) {
					order.add(number);
				}
			}));
		}
		callbacks.forEach((callback) -> assertThat(callback).succeedsWithin(Duration.ofSeconds(10)));
		// one whose future was complete already has run its callback at once
		assertThat(order).isSorted();
		assertThat(expected).containsAll(order);
	}

}
