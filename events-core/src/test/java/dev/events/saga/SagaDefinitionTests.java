package dev.events.saga;

import java.time.Duration;
import java.util.Map;

import dev.events.InvalidSubscriptionException;
import dev.events.Saga;
import dev.events.saga.OrderEvents.OrderPlaced;
import dev.events.saga.OrderEvents.OrderState;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What can be defined, and what is refused.
 */
class SagaDefinitionTests {

	private static Saga.Builder<OrderState> started() {
		return Saga.named("order", OrderState.class).startsOn(OrderPlaced.class, (event, saga) -> null);
	}

	private static void refused(String message, ThrowingCallable definition) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(definition)
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", ".a", "a.", "a..b", "a:b", "ä" })
	void invalidNameIsRefused(String name) {
		refused("is not a valid name of a saga", () -> Saga.named(name, OrderState.class));
		refused("is not a valid name of a saga", () -> Saga.named("a".repeat(101), OrderState.class));
	}

	@Test
	void needsAStart() {
		refused("Saga 'order': nothing starts it",
				() -> Saga.named("order", OrderState.class).on("a", (state, event, saga) -> state).build());
	}

	@Test
	void eachTypeHasOneStep() {
		refused("two steps for events of type 'order.placed'",
				() -> started().on("order.placed", (state, event, saga) -> state));
		refused("'order.*' is a pattern", () -> started().on("order.*", (state, event, saga) -> state));
		refused("Saga 'order'", () -> started().on("no type", (state, event, saga) -> state));
	}

	@Test
	void compensationIsThatOfTheStepBeforeIt() {
		refused("compensateWith stands behind the step",
				() -> Saga.named("order", OrderState.class).compensateWith((state, saga) -> state));
		refused("compensateWith stands behind the step",
				() -> started().compensateWith((state, saga) -> state).compensateWith((state, saga) -> state));
		Saga<OrderState> saga = started().on("a", (state, event, context) -> state)
			.compensateWith((state, context) -> state)
			.on("b", (state, event, context) -> state)
			.build();
		Map<String, Saga.Step<OrderState>> steps = saga.steps();
		assertThat(steps).containsOnlyKeys("order.placed", "a", "b");
		assertThat(steps.get("a").compensation()).isNotNull();
		assertThat(steps.get("b").compensation()).isNull();
		assertThat(steps.get("order.placed").dataType()).isEqualTo(OrderPlaced.class);
	}

	@Test
	void timesAreBounded() {
		refused("timeout is PT-1S", () -> started().timeout(Duration.ofSeconds(-1)));
		refused("retention is", () -> started().retention(Duration.ofDays(4000)));
	}

	@Test
	void definitionDoesNotChangeWithItsBuilder() {
		Saga.Builder<OrderState> builder = started();
		Saga<OrderState> saga = builder.build();
		builder.on("a", (state, event, context) -> state).timeout(Duration.ofSeconds(1));
		assertThat(saga.steps()).hasSize(1);
		assertThat(saga.timeout()).isNull();
		assertThat(saga.subscription()).isEqualTo("saga.order");
	}

}
