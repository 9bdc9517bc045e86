package dev.events.saga;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.events.Saga;
import dev.events.SagaInfo.Status;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.delivery.DeliverySettings;
import dev.events.saga.OrderEvents.OrderState;
import dev.events.store.CursorState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sagas on several nodes whose time is over.
 */
class SagaNodesTests extends SagaFixture {

	private static final int SAGAS = 400;

	private final Map<String, Integer> timedOut = new ConcurrentHashMap<>();

	/** With leases that are not lost because the machine is busy. */
	@Override
	EventBusBuilder builder() {
		return super.builder().delivery(DeliverySettings.DEFAULT.withShutdownTimeout(Duration.ofMillis(500)));
	}

	@Test
	void eachNodeDoesItsShareOfWhatIsDue() {
		DurableEventBus first = started(slow());
		DurableEventBus second = started(slow());
		awaitShares();
		first.publishAll(IntStream.range(0, SAGAS).mapToObj((i) -> event(placed("o-" + i), "o-" + i)).toList());
		await().atMost(Duration.ofSeconds(30))
			.until(() -> first.sagas().list("order", Status.COMPENSATED, 1000, null).sagas().size() == SAGAS);
		assertThat(this.timedOut).hasSize(SAGAS);
		assertThat(this.timedOut.values()).as("how often each was timed out").containsOnly(1);
		assertThat(List.of(stats(first).timeouts(), stats(second).timeouts())).allMatch((share) -> share > SAGAS / 10);
	}

	@Test
	void whatIsDueOnANodeThatHasStoppedIsDoneByAnother() {
		DurableEventBus first = started(slow());
		DurableEventBus second = started(slow());
		awaitShares();
		first.publishAll(IntStream.range(0, 20).mapToObj((i) -> event(placed("o-" + i), "o-" + i)).toList());
		await().until(() -> stats(first).started() + stats(second).started() == 20);
		second.close();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> first.sagas().list("order", Status.COMPENSATED, 100, null).sagas().size() == 20);
	}

	private void awaitShares() {
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.store.cursors().list()).extracting(CursorState::owner)
				.doesNotContainNull()
				.satisfies((owners) -> assertThat(Set.copyOf(owners)).hasSize(2)));
	}

	private Saga<OrderState> slow() {
		return order().timeout(Duration.ofSeconds(2), (state, saga) -> {
			this.timedOut.merge(saga.key(), 1, Integer::sum);
			// so that both nodes are at it at the same time
			LockSupport.parkNanos(2_000_000);
			saga.compensate("late");
			return state;
		}).build();
	}

}
