package dev.events.saga;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.DeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.EventException;
import dev.events.NonRetryableEventException;
import dev.events.Saga;
import dev.events.SagaInfo;
import dev.events.SagaInfo.Failure;
import dev.events.SagaInfo.Status;
import dev.events.bus.DurableEventBus;
import dev.events.saga.OrderEvents.OrderCancelled;
import dev.events.saga.OrderEvents.OrderPlaced;
import dev.events.saga.OrderEvents.OrderState;
import dev.events.saga.OrderEvents.PaymentCompleted;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What operators do with sagas that are stuck.
 */
class SagaOperationTests extends SagaFixture {

	private final AtomicBoolean broken = new AtomicBoolean(true);

	@Test
	void retryIsForAllThatHasFailedInOrder() {
		DurableEventBus bus = failed("weighed", "checked", "packed");
		this.broken.set(false);
		assertThat(bus.sagas().retry("order", "o-1")).isTrue();
		awaitStatus(bus, "o-1", Status.RUNNING);
		assertThat(find(bus, "o-1").state()).contains("\"notes\":[\"weighed\",\"checked\",\"packed\"]");
		assertThat(bus.deadLetters().count(Filter.all())).isZero();
	}

	@Test
	void retryCanBeForOneOfThem() {
		DurableEventBus bus = failed("weighed", "checked", "packed");
		assertThat(find(bus, "o-1").failures()).extracting(Failure::eventType)
			.containsExactly("order.weighed", "order.checked", "order.packed");
		UUID checked = deadLetter(bus, "order.checked");
		this.broken.set(false);
		assertThat(bus.sagas().retry("order", "o-1", UUID.randomUUID())).isFalse();
		assertThat(bus.sagas().retry("order", "o-1", checked)).isTrue();
		await().untilAsserted(() -> assertThat(find(bus, "o-1").failures()).extracting(Failure::eventType)
			.containsExactly("order.weighed", "order.packed"));
		assertThat(find(bus, "o-1").status()).isEqualTo(Status.FAILED);
		assertThat(find(bus, "o-1").state()).contains("\"notes\":[\"checked\"]");
		assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(2);
	}

	@Test
	void retryForgetsFailuresWithoutADeadLetter() {
		DurableEventBus bus = failed("weighed", "checked");
		bus.deadLetters().discardAll(Filter.all().type("order.checked"));
		assertThat(bus.sagas().retry("order", "o-1")).isTrue();
		await().untilAsserted(() -> assertThat(find(bus, "o-1").failures()).extracting(Failure::eventType)
			.containsExactly("order.weighed"));
		bus.deadLetters().discardAll(Filter.all());
		assertThat(bus.sagas().retry("order", "o-1")).isTrue();
		assertThat(find(bus, "o-1").status()).isEqualTo(Status.RUNNING);
		assertThat(bus.sagas().retry("order", "o-1")).isFalse();
	}

	@Test
	void oneThatIsStuckIsCompensatedByHand() {
		DurableEventBus bus = started(stuck());
		bus.publish(event(placed("o-1"), "o-1").withOrganization("acme"));
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(bus).contains("inventory.requested"));
		bus.publish(Event.of("order.checked", Map.of()).withCorrelationId("o-1"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(bus.sagas().compensate("order", "o-1", "the customer has called")).isTrue();
		SagaInfo ended = find(bus, "o-1");
		assertThat(ended.status()).isEqualTo(Status.COMPENSATED);
		assertThat(ended.reason()).isEqualTo("the customer has called");
		assertThat(ended.failures()).isEmpty();
		assertThat(ended.dueAt()).isNotNull();
		assertThat(types(bus)).endsWith("payment.refund", "order.cancelled");
		assertThat(only(bus, "payment.refund")).satisfies((refund) -> {
			assertThat(refund.organization()).isEqualTo("acme");
			assertThat(refund.correlationId()).isEqualTo("o-1");
			assertThat(refund.key()).isEqualTo("o-1");
		});
		assertThat(bus.sagas().compensate("order", "o-1", "again")).isFalse();
		assertThat(bus.sagas().compensate("order", "none", "no such order")).isFalse();
		this.broken.set(false);
		bus.deadLetters().retryAll(Filter.all());
		await().until(() -> stats(bus).late() == 1);
		assertThat(find(bus, "o-1")).isEqualTo(ended);
		assertThat(stats(bus).compensated()).isEqualTo(1);
	}

	@Test
	void compensationByHandThatFailsChangesNothing() {
		DurableEventBus bus = started(Saga.named("order", OrderState.class)
			.startsOn(OrderPlaced.class, (event, saga) -> new OrderState("o-1", BigDecimal.ONE, List.of()))
			.compensateWith((state, saga) -> {
				saga.publish(new OrderCancelled("o-1"));
				throw new IllegalStateException("secret");
			})
			.build());
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.RUNNING);
		SagaInfo before = find(bus, "o-1");
		assertThatExceptionOfType(EventException.class)
			.isThrownBy(() -> bus.sagas().compensate("order", "o-1", "stuck"))
			.withMessage("Saga 'order' o-1 was not compensated, for that failed with java.lang.IllegalStateException")
			.havingCause()
			.withMessage("secret");
		assertThat(find(bus, "o-1")).isEqualTo(before);
		assertThat(types(bus)).doesNotContain("order.cancelled");
		assertThatIllegalArgumentException().isThrownBy(() -> bus.sagas().compensate("order", "o-1", " "));
		assertThatIllegalStateException().isThrownBy(() -> bus.sagas().compensate("unknown", "o-1", "stuck"))
			.withMessageContaining("There is no definition of saga 'unknown' on this node");
	}

	/** A saga with a dead letter for each of these. */
	private DurableEventBus failed(String... steps) {
		DurableEventBus bus = started(stuck());
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.RUNNING);
		for (String step : steps) {
			bus.publish(Event.of("order." + step, Map.of()).withCorrelationId("o-1"));
		}
		await().until(() -> bus.deadLetters().count(Filter.all()) == steps.length);
		return bus;
	}

	private Saga<OrderState> stuck() {
		Saga.Builder<OrderState> saga = order().subscriber((options) -> options.partitions(1));
		for (String name : List.of("checked", "packed", "weighed")) {
			saga.on("order." + name, (state, event, context) -> {
				if (this.broken.get()) {
					throw new NonRetryableEventException("cannot be " + name);
				}
				return state.with(name);
			});
		}
		return saga.build();
	}

	private static UUID deadLetter(DurableEventBus bus, String type) {
		return bus.deadLetters()
			.list(Filter.all().type(type), 1, null)
			.deadLetters()
			.stream()
			.map(DeadLetter::event)
			.map(Event::id)
			.findFirst()
			.orElseThrow();
	}

}
