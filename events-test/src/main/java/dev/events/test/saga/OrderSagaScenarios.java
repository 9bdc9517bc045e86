package dev.events.test.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.RetryPolicy;
import dev.events.SagaInfo;
import dev.events.SagaInfo.Status;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.store.EventStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Orders over a store: each one ends once, completed or taken back, on several nodes that
 * come and go.
 */
@Timeout(180)
public abstract class OrderSagaScenarios {

	private static final int ORDERS = 120;

	private static final Duration TIMEOUT = Duration.ofSeconds(8);

	private static final RetryPolicy RETRY = new RetryPolicy(100, Duration.ofMillis(50), 1.5, Duration.ofMillis(500),
			0.2);

	private static final DeliverySettings DELIVERY = new DeliverySettings(4, Duration.ofSeconds(2),
			Duration.ofMillis(100), Duration.ofMillis(50), 100, 10_000, Duration.ofSeconds(5), Duration.ZERO);

	/** The store, the same for all nodes, empty at first. */
	protected abstract EventStore store();

	private DurableEventBus node() {
		DurableEventBus bus = DurableEventBus.builder(store()).source("shop").retry(RETRY).delivery(DELIVERY).build();
		OrderSaga.register(bus, TIMEOUT);
		bus.start();
		return bus;
	}

	@Test
	void everyOrderEndsOnceOnNodesThatComeAndGo() {
		long seed = ThreadLocalRandom.current().nextLong();
		Random random = new Random(seed);
		List<DurableEventBus> nodes = new ArrayList<>(List.of(node(), node()));
		try {
			for (int number = 0; number < ORDERS; number++) {
				nodes.get(random.nextInt(nodes.size())).publish(OrderSaga.placed(number));
				if (number % 20 == 19) {
					nodes.remove(random.nextInt(nodes.size())).close();
					nodes.add(node());
				}
			}
			DurableEventBus bus = nodes.get(0);
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(unfinished(bus)).as("seed %d", seed).isEmpty());
			assertThat(bus.deadLetters().count(Filter.all())).as("dead letters, seed %d", seed).isZero();
			// what comes after the end, as a late payment, may still be on its way
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(wrong(bus)).as("seed %d", seed).isEmpty());
		}
		finally {
			nodes.forEach(DurableEventBus::close);
		}
	}

	private static List<String> unfinished(DurableEventBus bus) {
		return IntStream.range(0, ORDERS)
			.mapToObj((number) -> "order-" + number)
			.filter((key) -> !bus.sagas().find("order", key).map((saga) -> saga.status().isFinal()).orElse(false))
			.toList();
	}

	private static List<String> wrong(DurableEventBus bus) {
		List<String> wrong = new ArrayList<>();
		for (int number = 0; number < ORDERS; number++) {
			SagaInfo saga = bus.sagas().find("order", "order-" + number).orElseThrow();
			Map<String, Integer> found = new HashMap<>();
			bus.query()
				.correlationId("order-" + number)
				.stream()
				.map(Event::type)
				.forEach((type) -> found.merge(type, 1, Integer::sum));
			boolean inventory = found.containsKey("inventory.requested");
			if (!found.equals(expected(number, saga.status(), inventory))) {
				wrong.add(saga + " has published " + found);
			}
		}
		return wrong;
	}

	/**
	 * Exactly once each. A node that stops may take so long that an order times out that
	 * would have come to its end; then it has to be taken back, and nothing is reserved
	 * if that was before it was paid.
	 */
	private static Map<String, Integer> expected(int number, Status status, boolean inventory) {
		Map<String, Integer> expected = new HashMap<>(Map.of("order.placed", 1, "payment.requested", 1));
		boolean paid = !OrderSaga.isNeverPaid(number) && !OrderSaga.isRefused(number);
		if (!OrderSaga.isNeverPaid(number)) {
			expected.put(paid ? "payment.completed" : "payment.failed", 1);
		}
		if (paid && (inventory || status == Status.COMPLETED)) {
			expected.put("inventory.requested", 1);
			expected.put(OrderSaga.isOutOfStock(number) ? "inventory.failed" : "inventory.reserved", 1);
		}
		if (OrderSaga.isCompleted(number) && status == Status.COMPLETED) {
			expected.put("order.completed", 1);
		}
		else {
			expected.put("order.cancelled", 1);
			if (paid) {
				expected.put("payment.refund", 1);
			}
		}
		return expected;
	}

}
