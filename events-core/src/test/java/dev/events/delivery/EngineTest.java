package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.RetryPolicy;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.memory.MemoryEventStore;
import dev.events.store.CursorState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What tests of the engine share: a store with hooks, and buses over it that are closed
 * at the end.
 */
@Timeout(60)
abstract class EngineTest {

	static final RetryPolicy FAST = new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);

	final MemoryEventStore memory = new MemoryEventStore();

	final HookedStore store = new HookedStore(this.memory);

	final List<String> received = new CopyOnWriteArrayList<>();

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.store.hook = (method, args, call) -> call.call();
		this.buses.forEach(DurableEventBus::close);
	}

	EventBusBuilder builder() {
		return DurableEventBus.builder(this.store)
			.retry(FAST)
			.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(2))
				.withShutdownTimeout(Duration.ofMillis(500)));
	}

	DurableEventBus bus() {
		return bus(builder());
	}

	DurableEventBus bus(EventBusBuilder builder) {
		DurableEventBus bus = builder.build();
		this.buses.add(bus);
		return bus;
	}

	/** Waits until every partition of a subscription has an owner. */
	void awaitOwned(String subscription) {
		await().atMost(Duration.ofSeconds(20))
			.until(() -> cursors(subscription).stream().allMatch((cursor) -> cursor.owner() != null)
					&& !cursors(subscription).isEmpty());
	}

	List<CursorState> cursors(String subscription) {
		return this.memory.cursors()
			.list()
			.stream()
			.filter((cursor) -> cursor.partition().subscription().equals(subscription))
			.toList();
	}

	void awaitReceived(String... expected) {
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(this.received).contains(expected));
	}

	/** Lets time pass in which something wrong could happen. */
	static void letPass(Duration duration) {
		await().pollDelay(duration).atMost(duration.plusSeconds(30)).until(() -> true);
	}

}
