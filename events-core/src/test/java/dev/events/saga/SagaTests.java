package dev.events.saga;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.events.DataSubject;
import dev.events.DeadLetters.Filter;
import dev.events.Encrypted;
import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import dev.events.Saga;
import dev.events.SagaInfo;
import dev.events.SagaInfo.Status;
import dev.events.SagaStats;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.SubscriptionInfo.State;
import dev.events.bus.DurableEventBus;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventKey;
import dev.events.encryption.EventKeyProvider;
import dev.events.saga.OrderEvents.InventoryFailed;
import dev.events.saga.OrderEvents.InventoryReserved;
import dev.events.saga.OrderEvents.OrderCompleted;
import dev.events.saga.OrderEvents.OrderPlaced;
import dev.events.saga.OrderEvents.OrderState;
import dev.events.saga.OrderEvents.PaymentCompleted;
import dev.events.saga.OrderEvents.PaymentFailed;
import dev.events.store.AnswersLost;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What a saga does with its events, and what becomes of it.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
class SagaTests extends SagaFixture {

	@Test
	void goesFromEventToEventToItsEnd() {
		DurableEventBus bus = started(order().timeout(Duration.ofMinutes(5)).build());
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.RUNNING);
		SagaInfo running = find(bus, "o-1");
		assertThat(running.completedSteps()).containsExactly("order.placed");
		assertThat(running.state()).isEqualTo("{\"order\":\"o-1\",\"amount\":12.50,\"notes\":[]}");
		assertThat(running.dueAt()).isBetween(this.store.now().plus(Duration.ofMinutes(4)),
				this.store.now().plus(Duration.ofMinutes(5)));
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(bus).contains("inventory.requested"));
		bus.publish(event(new InventoryReserved("shelf 7"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPLETED);
		SagaInfo ended = find(bus, "o-1");
		assertThat(ended.completedSteps()).containsExactly("order.placed", "payment.completed", "inventory.reserved");
		assertThat(ended.state()).contains("\"notes\":[\"p-1\",\"shelf 7\"]");
		assertThat(ended.handledEvents()).isEqualTo(3);
		assertThat(ended.failure()).isNull();
		assertThat(types(bus)).containsExactly("order.placed", "payment.requested", "payment.completed",
				"inventory.requested", "inventory.reserved", "order.completed");
		await().untilAsserted(() -> assertThat(stats(bus))
			.isEqualTo(new SagaStats("order", true, Map.of(Status.COMPLETED, 1L), 1, 1, 0, 0, 0, 0, 0, 0)));
	}

	@Test
	void whatItPublishesBelongsToIt() {
		DurableEventBus bus = started(order().correlateBy(Event::key).build());
		Event<?> start = bus.publish(event(placed("o-1"), "chain-1").withKey("o-1")).event();
		await().until(() -> types(bus).contains("payment.requested"));
		Event<Object> published = only(bus, "payment.requested");
		assertThat(published.correlationId()).isEqualTo("chain-1");
		assertThat(published.causationId()).isEqualTo(start.id().toString());
		assertThat(published.key()).isEqualTo("o-1");
		assertThat(published.source()).isEqualTo("shop");
		Event<?> paid = bus.publish(event(new PaymentCompleted("p-1"), "another").withKey("o-1")).event();
		await().until(() -> types(bus).contains("inventory.requested"));
		Event<Object> second = only(bus, "inventory.requested");
		assertThat(second.correlationId()).isEqualTo("chain-1");
		assertThat(second.causationId()).isEqualTo(paid.id().toString());
	}

	@Test
	void compensatesCompletedStepsLastOneFirst() {
		DurableEventBus bus = started(order().build());
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(bus).contains("inventory.requested"));
		bus.publish(event(new InventoryFailed("none"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		SagaInfo ended = find(bus, "o-1");
		assertThat(ended.reason()).isEqualTo("out of stock");
		assertThat(ended.completedSteps()).containsExactly("order.placed", "payment.completed");
		assertThat(ended.state()).contains("\"notes\":[\"p-1\",\"refunded\",\"cancelled\"]");
		assertThat(types(bus)).endsWith("payment.refund", "order.cancelled");
		assertThat(only(bus, "payment.refund").data())
			.isEqualTo(Map.of("payment", "p-1", "amount", new BigDecimal("12.50")));
		await().until(() -> stats(bus).compensated() == 1);
	}

	@Test
	void compensatesOnlyWhatWasDone() {
		DurableEventBus bus = started(order().build());
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(new PaymentFailed("no money"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		assertThat(find(bus, "o-1").reason()).isEqualTo("payment failed: no money");
		assertThat(types(bus)).contains("order.cancelled").doesNotContain("payment.refund");
	}

	@Test
	void eventThatComesBeforeTheStartWaitsForIt() {
		DurableEventBus bus = started(order().build());
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> bus.stats().failed() > 0);
		assertThat(bus.sagas().find("order", "o-1")).isEmpty();
		bus.publish(event(placed("o-1"), "o-1"));
		await().until(() -> types(bus).contains("inventory.requested"));
		assertThat(find(bus, "o-1").completedSteps()).containsExactly("order.placed", "payment.completed");
	}

	@Test
	void eventWhoseSagaNeverComesIsADeadLetter() {
		DurableEventBus bus = started(order().subscriber((options) -> options.maxAttempts(3)).build());
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(bus.deadLetters().list(Filter.all(), 10, null).deadLetters()).singleElement().satisfies((letter) -> {
			assertThat(letter.subscription()).isEqualTo("saga.order");
			assertThat(letter.errorMessage()).contains("There is no saga 'order' o-1");
		});
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.RUNNING);
		bus.deadLetters().retryAll(Filter.all());
		await().until(() -> types(bus).contains("inventory.requested"));
	}

	@Test
	void unknownOnesCanBeIgnored() {
		DurableEventBus bus = started(order().ignoreUnknown().build());
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> stats(bus).ignored() == 1);
		awaitHandled(bus);
		assertThat(bus.deadLetters().count(Filter.all())).isZero();
		assertThat(bus.stats().failed()).isEqualTo(Saga.Builder.UNKNOWN_ATTEMPTS - 1);
	}

	@Test
	void eventForNoSagaIsPassedOver() {
		DurableEventBus bus = started(order().correlateBy(Event::key).build());
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> stats(bus).ignored() == 1);
		assertThat(bus.stats().failed()).isZero();
	}

	@Test
	void keyThatCannotBeStoredIsADeadLetterAtOnce() {
		DurableEventBus bus = started(order().correlateBy((event) -> "x".repeat(201)).build());
		bus.publish(event(placed("o-1"), "o-1"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(bus.stats().failed()).isEqualTo(1);
	}

	@Test
	void lateEventsAreCountedAndChangeNothing() {
		DurableEventBus bus = started(order().build());
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(new PaymentFailed("no money"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		SagaInfo ended = find(bus, "o-1");
		bus.publish(event(new PaymentFailed("still"), "o-1"));
		bus.publish(event(placed("o-1"), "o-1"));
		await().until(() -> stats(bus).late() == 2);
		assertThat(find(bus, "o-1")).isEqualTo(ended);
		assertThat(types(bus)).doesNotContain("payment.refund", "inventory.requested");
	}

	@Test
	void whatIsDoneAfterTheCompensationIsTakenBack() {
		DurableEventBus bus = started(order().timeout(Duration.ZERO).build());
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		SagaInfo ended = find(bus, "o-1");
		Event<?> late = bus.publish(event(new PaymentCompleted("p-1"), "o-1")).event();
		await().until(() -> stats(bus).late() == 1);
		assertThat(types(bus)).endsWith("payment.completed", "payment.refund").doesNotContain("inventory.requested");
		assertThat(only(bus, "payment.refund").causationId()).isEqualTo(late.id().toString());
		SagaInfo after = find(bus, "o-1");
		assertThat(after.status()).isEqualTo(Status.COMPENSATED);
		assertThat(after.dueAt()).isEqualTo(ended.dueAt());
		assertThat(after.completedSteps()).isEqualTo(ended.completedSteps());
		bus.subscriptions().rewind("saga.order", 0);
		await().until(() -> stats(bus).duplicates() == 2);
		assertThat(types(bus)).containsOnlyOnce("payment.refund");
		assertThat(stats(bus).compensated()).isEqualTo(1);
	}

	@Test
	void eventsThatComeAgainChangeNothing() {
		DurableEventBus bus = started(order().build());
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		bus.publish(event(placed("o-2"), "o-2"));
		bus.publish(event(new PaymentFailed("no money"), "o-2"));
		awaitStatus(bus, "o-2", Status.COMPENSATED);
		awaitHandled(bus);
		List<String> types = types(bus);
		List<SagaInfo> before = bus.sagas().list("order", null, 10, null).sagas();
		bus.subscriptions().rewind("saga.order", 0);
		await().until(() -> stats(bus).duplicates() == 4);
		assertThat(types(bus)).isEqualTo(types);
		assertThat(bus.sagas().list("order", null, 10, null).sagas()).isEqualTo(before);
	}

	@Test
	void secondStartIsIgnored() {
		DurableEventBus bus = started(order().build());
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(placed("o-1"), "o-1"));
		await().until(() -> stats(bus).ignored() == 1);
		assertThat(types(bus)).containsOnlyOnce("payment.requested");
	}

	@Test
	void eventsOfOneSagaThatMeetAreAllHandledOnce() {
		Saga<Map<?, ?>> counting = counting();
		DurableEventBus first = started(counting);
		DurableEventBus second = started(counting);
		int events = 200;
		first.publish(Event.of("count.started", Map.of()).withCorrelationId("c"));
		await().until(() -> first.sagas().find("count", "c").isPresent());
		first.publishAll(IntStream.range(0, events)
			.mapToObj((i) -> Event.of("count.more", Map.of("i", i)).withCorrelationId("c").withKey("k" + i))
			.toList());
		await().untilAsserted(() -> assertThat(first.sagas().find("count", "c")).get()
			.extracting(SagaInfo::state)
			.isEqualTo("{\"count\":" + events + "}"));
		// each answer has seen all before it
		assertThat(
				first.query().type("count.is").stream().<Object>map((event) -> ((Map<?, ?>) event.data()).get("count")))
			.containsExactlyElementsOf(IntStream.rangeClosed(1, events).<Object>mapToObj((i) -> i).toList());
		assertThat(stats(first).conflicts() + stats(second).conflicts()).isPositive();
		assertThat(first.deadLetters().count(Filter.all())).isZero();
	}

	@SuppressWarnings("unchecked")
	private static Saga<Map<?, ?>> counting() {
		// two steps are made from the same state
		CountDownLatch meeting = new CountDownLatch(2);
		return Saga.named("count", (Class<Map<?, ?>>) (Class<?>) Map.class)
			.startsOn("count.started", (event, saga) -> Map.of("count", 0))
			.on("count.more", (state, event, saga) -> {
				meeting.countDown();
				meeting.await();
				Map<String, Integer> next = Map.of("count", (Integer) state.get("count") + 1);
				saga.publish(Event.of("count.is", next));
				return next;
			})
			.subscriber((options) -> options.partitions(8))
			.build();
	}

	@Test
	void manyStartsOfOneSagaStartIt() {
		DurableEventBus first = started(order().build());
		DurableEventBus second = started(order().build());
		first.publishAll(IntStream.range(0, 50).mapToObj((i) -> event(placed("o-1"), "o-1").withKey("k" + i)).toList());
		await().until(() -> stats(first).ignored() + stats(second).ignored() == 49);
		assertThat(types(first)).containsOnlyOnce("payment.requested");
		await().until(() -> stats(first).started() + stats(second).started() == 1);
	}

	@Test
	void compensatesWhenItsTimeIsOver() {
		DurableEventBus bus = started(order().timeout(Duration.ofMillis(300)).build());
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		assertThat(find(bus, "o-1").reason()).isEqualTo("timed out");
		assertThat(types(bus)).doesNotContain("payment.refund");
		assertThat(only(bus, "order.cancelled").correlationId()).isEqualTo("o-1");
		assertThat(only(bus, "order.cancelled").causationId()).isEqualTo(only(bus, "order.placed").id().toString());
		await().until(() -> stats(bus).timeouts() == 1);
	}

	@Test
	void eventThatWaitsInTheLogIsNotTooLate() {
		DurableEventBus bus = started(order().timeout(Duration.ofMinutes(5)).build());
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.RUNNING);
		bus.subscriptions().pause("saga.order");
		await().until(() -> bus.subscriptions().find("saga.order").orElseThrow().state() == State.PAUSED);
		bus.publish(event(new PaymentCompleted("p-1"), "o-1").withKey("o-1"));
		bus.publish(event(new InventoryReserved("shelf"), "o-1").withKey("o-1"));
		this.clock.advance(Duration.ofMinutes(6));
		await().pollDelay(Duration.ofMillis(1500))
			.untilAsserted(() -> assertThat(find(bus, "o-1").status()).isEqualTo(Status.RUNNING));
		bus.subscriptions().resume("saga.order");
		awaitStatus(bus, "o-1", Status.COMPLETED);
		assertThat(stats(bus).timeouts()).isZero();
	}

	@Test
	void stepsSetTheTimeout() {
		AtomicInteger reminders = new AtomicInteger();
		Saga<OrderState> saga = Saga.named("order", OrderState.class).startsOn(OrderPlaced.class, (event, context) -> {
			context.timeoutIn(Duration.ofMillis(1));
			return new OrderState("o-1", BigDecimal.ONE, List.of());
		}).on(PaymentCompleted.class, (state, event, context) -> {
			context.noTimeout();
			return state;
		}).timeout(Duration.ofDays(1), (state, context) -> {
			if (reminders.incrementAndGet() < 2) {
				context.timeoutIn(Duration.ofMillis(1));
			}
			else {
				context.timeoutIn(Duration.ofDays(1));
			}
			return state.with("reminded");
		}).build();
		DurableEventBus bus = started(saga);
		bus.publish(event(placed("o-1"), "o-1"));
		await().until(() -> stats(bus).timeouts() == 2);
		await().untilAsserted(() -> assertThat(find(bus, "o-1").state()).contains("[\"reminded\",\"reminded\"]"));
		assertThat(find(bus, "o-1").dueAt()).isAfter(this.store.now().plus(Duration.ofHours(23)));
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().untilAsserted(() -> assertThat(find(bus, "o-1").dueAt()).isNull());
		assertThat(find(bus, "o-1").status()).isEqualTo(Status.RUNNING);
	}

	@Test
	void timeoutThatFailsIsTriedAgain() {
		AtomicBoolean broken = new AtomicBoolean(true);
		DurableEventBus bus = started(order().timeout(Duration.ofMillis(10), (state, saga) -> {
			if (broken.get()) {
				throw new IllegalStateException("not now");
			}
			saga.compensate("late");
			return state;
		}).build());
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.FAILED);
		SagaInfo failed = find(bus, "o-1");
		int attempts = failed.failure().attempts();
		assertThat(attempts).isPositive();
		assertThat(failed.failure())
			.isEqualTo(new SagaInfo.Failure(null, null, IllegalStateException.class.getName(), "not now", attempts));
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(bus).contains("inventory.requested"));
		assertThat(find(bus, "o-1").status()).isEqualTo(Status.FAILED);
		broken.set(false);
		bus.sagas().retry("order", "o-1");
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		assertThat(find(bus, "o-1").failure()).isNull();
		assertThat(types(bus)).containsOnlyOnce("payment.refund", "order.cancelled");
	}

	@Test
	void timeoutWhoseFailureHasNoRoomInTheStateHarmsNoOther() {
		String large = "x".repeat(ProcessState.MAX_DATA - 600);
		DurableEventBus bus = started(Saga.named("order", OrderState.class)
			.startsOn(OrderPlaced.class,
					(event, saga) -> new OrderState(event.data().order(), BigDecimal.ONE,
							event.data().order().equals("o-1") ? List.of(large) : List.of()))
			.timeout(Duration.ofMillis(10), (state, saga) -> {
				if (!state.notes().isEmpty()) {
					throw new IllegalStateException("y".repeat(500));
				}
				saga.complete();
				return state;
			})
			.build());
		bus.publish(event(placed("o-1"), "o-1").withKey("k"));
		bus.publish(event(placed("o-2"), "o-2").withKey("k"));
		awaitStatus(bus, "o-2", Status.COMPLETED);
		assertThat(find(bus, "o-1").status()).isEqualTo(Status.FAILED);
	}

	@Test
	void timeoutThatIsInterruptedDoesNotEndTheSweep() {
		DurableEventBus bus = started(order().timeout(Duration.ofMillis(10), (state, saga) -> {
			Thread.currentThread().interrupt();
			throw new InterruptedException(state.order());
		}).build());
		bus.publish(event(placed("o-1"), "o-1").withKey("k"));
		awaitStatus(bus, "o-1", Status.FAILED);
		await().untilAsserted(() -> assertThat(find(bus, "o-1").failure()).isNotNull()
			.extracting(SagaInfo.Failure::attempts)
			.isEqualTo(2));
	}

	@Test
	void stepThatFailsIsShownAndCanBeRetried() {
		AtomicBoolean broken = new AtomicBoolean(true);
		DurableEventBus bus = started(order().on("order.checked", (state, event, saga) -> {
			saga.publish(new OrderCompleted("never"));
			if (broken.get()) {
				throw new NonRetryableEventException("cannot be checked");
			}
			return state.with("checked");
		}).build());
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.RUNNING);
		UUID checked = bus.publish(Event.of("order.checked", Map.of()).withCorrelationId("o-1")).event().id();
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		SagaInfo failed = find(bus, "o-1");
		assertThat(failed.status()).isEqualTo(Status.FAILED);
		assertThat(failed.failure()).isEqualTo(new SagaInfo.Failure(checked, "order.checked",
				NonRetryableEventException.class.getName(), "cannot be checked", 1));
		assertThat(types(bus)).doesNotContain("order.completed");
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(bus).contains("inventory.requested"));
		assertThat(find(bus, "o-1").status()).isEqualTo(Status.FAILED);
		broken.set(false);
		assertThat(bus.sagas().retry("order", "o-1")).isTrue();
		awaitStatus(bus, "o-1", Status.RUNNING);
		assertThat(find(bus, "o-1").state()).contains("\"notes\":[\"p-1\",\"checked\"]");
		assertThat(find(bus, "o-1").failure()).isNull();
		assertThat(bus.sagas().retry("order", "o-1")).isFalse();
		assertThat(bus.sagas().retry("order", "o-2")).isFalse();
	}

	@Test
	void failureWithoutADeadLetterIsForgottenOnRetry() {
		DurableEventBus bus = started(order().on("order.checked", (state, event, saga) -> {
			throw new NonRetryableEventException("cannot be checked");
		}).build());
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(Event.of("order.checked", Map.of()).withCorrelationId("o-1"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		bus.deadLetters().discardAll(Filter.all());
		assertThat(bus.sagas().retry("order", "o-1")).isTrue();
		awaitStatus(bus, "o-1", Status.RUNNING);
	}

	@Test
	void compensationThatIsNotThereAnyMoreIsNotPassedOver() {
		DurableEventBus before = started(order().build());
		before.publish(event(placed("o-1"), "o-1"));
		before.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(before).contains("inventory.requested"));
		before.close();
		DurableEventBus bus = started(Saga.named("order", OrderState.class)
			.startsOn(OrderPlaced.class, (event, saga) -> new OrderState("?", BigDecimal.ONE, List.of()))
			.on(InventoryFailed.class, (state, event, saga) -> {
				saga.compensate("out of stock");
				return state;
			})
			.subscriber((options) -> options.maxAttempts(3))
			.build());
		bus.publish(event(new InventoryFailed("none"), "o-1"));
		awaitStatus(bus, "o-1", Status.FAILED);
		assertThat(find(bus, "o-1").failure()).extracting(SagaInfo.Failure::message)
			.asString()
			.contains("no step for 'payment.completed' any more");
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
	}

	@Test
	void stateOfAnotherVersionIsReadAsFarAsItFits() {
		DurableEventBus before = started(order().build());
		before.publish(event(placed("o-1"), "o-1"));
		awaitStatus(before, "o-1", Status.RUNNING);
		before.close();
		List<NewState> seen = new CopyOnWriteArrayList<>();
		DurableEventBus bus = started(Saga.named("order", NewState.class)
			.startsOn(OrderPlaced.class, (event, saga) -> new NewState("?", null))
			.on(PaymentCompleted.class, (state, event, saga) -> {
				seen.add(state);
				return new NewState(state.order(), event.data().payment());
			})
			.build());
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().untilAsserted(
				() -> assertThat(find(bus, "o-1").state()).isEqualTo("{\"order\":\"o-1\",\"payment\":\"p-1\"}"));
		assertThat(seen).containsExactly(new NewState("o-1", null));
	}

	@Test
	void stateThatDoesNotFitFailsTheStepAndIsKept() {
		DurableEventBus before = started(order().build());
		before.publish(event(placed("o-1"), "o-1"));
		awaitStatus(before, "o-1", Status.RUNNING);
		String state = find(before, "o-1").state();
		before.close();
		DurableEventBus bus = started(Saga.named("order", OtherState.class)
			.startsOn(OrderPlaced.class, (event, saga) -> new OtherState(1))
			.on(PaymentCompleted.class, (known, event, saga) -> known)
			.subscriber((options) -> options.maxAttempts(3))
			.build());
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(find(bus, "o-1").status()).isEqualTo(Status.FAILED);
		assertThat(find(bus, "o-1").state()).isEqualTo(state);
	}

	@Test
	void endedOneIsForgottenAfterItsRetention() {
		DurableEventBus bus = started(order().retention(Duration.ZERO).build());
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(placed("o-2"), "o-2"));
		bus.publish(event(new PaymentFailed("no money"), "o-1"));
		await().until(() -> stats(bus).compensated() == 1);
		await().until(() -> bus.sagas().find("order", "o-1").isEmpty());
		awaitStatus(bus, "o-2", Status.RUNNING);
	}

	@Test
	void endedOneIsNotForgottenWhileItsEventsMayComeAgain() {
		DurableEventBus bus = started(order().build());
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(new PaymentFailed("no money"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		awaitHandled(bus);
		// as after a crash between the commits of the steps and the next checkpoint
		bus.subscriptions().pause("saga.order");
		bus.subscriptions().rewind("saga.order", 0);
		ProcessRecord ended = this.store.processes().find("saga.order", "o-1").orElseThrow();
		this.store.processes()
			.commit(new ProcessChange("saga.order", "o-1", ended.version(),
					new ProcessState("COMPENSATED", ended.state().data(), this.store.now()), List.of()));
		await().pollDelay(Duration.ofSeconds(2))
			.untilAsserted(() -> assertThat(bus.sagas().find("order", "o-1")).isPresent());
		bus.subscriptions().resume("saga.order");
		await().until(() -> stats(bus).duplicates() == 2);
		assertThat(types(bus)).containsOnlyOnce("payment.requested", "order.cancelled");
		await().atMost(Duration.ofSeconds(30)).until(() -> bus.sagas().find("order", "o-1").isEmpty());
	}

	@Test
	void stepWhoseAnswerIsLostIsDoneAndNoDeadLetter() {
		DurableEventBus bus = DurableEventBus.builder(new AnswersLost(this.store, 1)).build();
		this.buses.add(bus);
		bus.sagas().register(order().subscriber((options) -> options.maxAttempts(1)).build());
		bus.start();
		bus.publish(event(placed("o-1"), "o-1"));
		awaitHandled(bus);
		await().until(() -> stats(bus).duplicates() == 1 || bus.deadLetters().count(Filter.all()) == 1);
		assertThat(bus.deadLetters().count(Filter.all())).isZero();
		assertThat(types(bus)).containsExactly("order.placed", "payment.requested");
	}

	@Test
	void whatAStepPublishesThatIsMadeAnewIsForwardedOnce() {
		List<String> forwarded = new CopyOnWriteArrayList<>();
		DurableEventBus bus = builder().forwarder((event) -> forwarded.add(event.type())).build();
		this.buses.add(bus);
		AtomicInteger made = new AtomicInteger();
		bus.sagas().register(order().on("order.checked", (state, event, saga) -> {
			saga.publish(new OrderCompleted(state.order()));
			if (made.incrementAndGet() == 1) {
				// as another node that is faster
				ProcessRecord known = this.store.processes().find("saga.order", "o-1").orElseThrow();
				this.store.processes()
					.commit(new ProcessChange("saga.order", "o-1", known.version(), known.state(), List.of()));
			}
			return state;
		}).build());
		bus.start();
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(Event.of("order.checked", Map.of()).withCorrelationId("o-1"));
		await().until(() -> types(bus).contains("order.completed"));
		await().untilAsserted(() -> assertThat(forwarded).contains("order.completed"));
		assertThat(made).hasValue(2);
		assertThat(forwarded).containsOnlyOnce("order.completed", "payment.requested");
	}

	@Test
	void mustBeDurable() {
		DurableEventBus bus = started();
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.sagas().register(order().subscriber(Subscriber.Builder::broadcast).build()))
			.withMessageContaining("Saga 'order' needs a durable subscription");
	}

	@Test
	void rowThatSomebodyHasSpoiltHarmsNobody() {
		DurableEventBus bus = started(
				order().timeout(Duration.ofMillis(1)).subscriber((options) -> options.maxAttempts(3)).build());
		for (int i = 0; i < 120; i++) {
			this.store.processes()
				.commit(new ProcessChange("saga.order", "bad-" + i, ProcessChange.NOT_THERE,
						new ProcessState("RUNNING", (i % 2 == 0) ? "{" : "null", this.store.now()), List.of()));
		}
		bus.publish(event(placed("o-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.COMPENSATED);
		assertThat(find(bus, "bad-1").status()).isEqualTo(Status.FAILED);
		assertThat(bus.sagas().list("order", Status.FAILED, 1000, null).sagas()).hasSize(120);
		bus.publish(event(new PaymentCompleted("p-1"), "bad-1"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
	}

	@Test
	void encryptedStateIsStoredEncrypted() {
		EventKey key = new EventKey("k1", new byte[32]);
		DurableEventBus bus = builder()
			.encryption(
					new EncryptionSettings(EventKeyProvider.of(List.of(key), "k1"), List.of(), Duration.ofMinutes(1)))
			.build();
		this.buses.add(bus);
		bus.sagas()
			.register(Saga.named("order", Customer.class)
				.startsOn(OrderPlaced.class, (event, saga) -> new Customer(event.data().order(), "ada@example.org"))
				.on(PaymentCompleted.class, (state, event, saga) -> {
					saga.publish(Event.of("mail", Map.of("plain", state.email().length())));
					return state;
				})
				.on(PaymentFailed.class, (state, event, saga) -> {
					throw new IllegalStateException(state.email());
				})
				.on("order.expires", (state, event, saga) -> {
					saga.timeoutIn(Duration.ofMinutes(3));
					return state;
				})
				.build());
		bus.start();
		bus.publish(event(placed("o-1"), "o-1"));
		bus.publish(event(new PaymentCompleted("p-1"), "o-1"));
		await().until(() -> types(bus).contains("mail"));
		bus.publish(event(new PaymentFailed("p-1"), "o-1"));
		awaitStatus(bus, "o-1", Status.FAILED);
		ProcessRecord stored = this.store.processes().find("saga.order", "o-1").orElseThrow();
		assertThat(stored.state().data()).doesNotContain("example.org").contains("o-1");
		assertThat(find(bus, "o-1").state()).doesNotContain("example.org");
		bus.publish(Event.of("order.expires", Map.of()).withCorrelationId("o-1"));
		await().until(() -> find(bus, "o-1").dueAt() != null);
		bus.dataSubjects().forget("o-1");
		this.clock.advance(Duration.ofMinutes(4));
		await().untilAsserted(() -> assertThat(bus.sagas().find("order", "o-1")).isEmpty());
	}

	@Test
	void listsPages() {
		DurableEventBus bus = started(order().build());
		bus.publishAll(IntStream.range(0, 7).mapToObj((i) -> event(placed("o-" + i), "o-" + i)).toList());
		bus.publish(event(new PaymentFailed("no money"), "o-3"));
		awaitStatus(bus, "o-3", Status.COMPENSATED);
		await().until(() -> stats(bus).started() == 7);
		List<String> keys = new ArrayList<>();
		String after = null;
		do {
			var page = bus.sagas().list("order", Status.RUNNING, 2, after);
			page.sagas().forEach((saga) -> keys.add(saga.key()));
			after = page.next();
		}
		while (after != null);
		assertThat(keys).containsExactly("o-0", "o-1", "o-2", "o-4", "o-5", "o-6");
		assertThat(bus.sagas().list("order", null, 7, null).next()).isNull();
		assertThat(bus.sagas().list("unknown", null, 7, null).sagas()).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> bus.sagas().list("order", null, 0, null));
	}

	@Test
	void definitionThatIsGoneLeavesItsSagas() {
		DurableEventBus bus = builder().build();
		this.buses.add(bus);
		Subscription registered = bus.sagas().register(order().timeout(Duration.ofMillis(1)).build());
		assertThat(registered.id()).isEqualTo("saga.order");
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.sagas().register(order().build()));
		this.store.processes()
			.commit(new ProcessChange("saga.order", "o-1", ProcessChange.NOT_THERE,
					new ProcessState("RUNNING", "{}", this.store.now()), List.of()));
		registered.close();
		bus.start();
		bus.sagas()
			.register(Saga.named("other", OrderState.class)
				.startsOn(OrderPlaced.class, (event, saga) -> new OrderState("?", BigDecimal.ONE, List.of()))
				.timeout(Duration.ZERO)
				.build());
		bus.publish(event(placed("o-2"), "o-2"));
		await().until(() -> bus.sagas().stats().stream().anyMatch((stats) -> stats.timeouts() == 1));
		assertThat(find(bus, "o-1").status()).isEqualTo(Status.RUNNING);
		assertThat(stats(bus))
			.isEqualTo(new SagaStats("order", false, Map.of(Status.RUNNING, 1L), 0, 0, 0, 0, 0, 0, 0, 0));
	}

	@Test
	void oneThatIsSwitchedOffTimesOutNothing() {
		DurableEventBus bus = builder().overrides((subscriber) -> Optional.empty()).build();
		this.buses.add(bus);
		bus.sagas().register(order().timeout(Duration.ofMillis(1)).build());
		this.store.processes()
			.commit(new ProcessChange("saga.order", "o-1", ProcessChange.NOT_THERE,
					new ProcessState("RUNNING", "{}", this.store.now()), List.of()));
		bus.start();
		ProcessRecord before = this.store.processes().find("saga.order", "o-1").orElseThrow();
		await().pollDelay(Duration.ofMillis(1500))
			.untilAsserted(() -> assertThat(this.store.processes().find("saga.order", "o-1")).hasValue(before));
		assertThat(stats(bus).registered()).isFalse();
	}

	@Test
	void otherSubscribersOptionsAreItsOwn() {
		DurableEventBus bus = started(order().subscriber((options) -> options.partitions(3).maxAttempts(1)).build());
		assertThat(bus.stats().subscriptions()).singleElement().satisfies((subscription) -> {
			assertThat(subscription.id()).isEqualTo("saga.order");
			assertThat(subscription.partitions()).isEqualTo(3);
		});
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.subscribe(Subscriber.to("a").id("saga.order").handler((event) -> {
			})));
	}

	@Test
	void timeoutsAndEventsThatMeetTakeTurns() {
		Saga<OrderState> saga = order().timeout(Duration.ofMillis(700)).build();
		DurableEventBus first = started(saga);
		DurableEventBus second = started(saga);
		int orders = 100;
		first.publishAll(IntStream.range(0, orders).mapToObj((i) -> event(placed("o-" + i), "o-" + i)).toList());
		for (int i = 0; i < orders; i++) {
			// some have a timeout for sure, others none, and the rest either
			if (i % 10 != 0) {
				first.publish(event(new PaymentCompleted("p-" + i), "o-" + i));
				second.publish(event(new InventoryReserved("shelf"), "o-" + i));
			}
			await().pollDelay(Duration.ofMillis(12)).until(() -> true);
		}
		await().atMost(Duration.ofSeconds(30))
			.until(() -> stats(first).sagas().entrySet().stream().allMatch((entry) -> entry.getKey().isFinal()));
		awaitHandled(first);
		for (int i = 0; i < orders; i++) {
			boolean completed = find(first, "o-" + i).status() == Status.COMPLETED;
			List<String> own = first.query().correlationId("o-" + i).stream().map(Event::type).toList();
			assertThat(own.stream().filter("order.completed"::equals)).hasSize(completed ? 1 : 0);
			assertThat(own.stream().filter("order.cancelled"::equals)).hasSize(completed ? 0 : 1);
			assertThat(own.stream().filter("payment.refund"::equals)).hasSize(completed || i % 10 == 0 ? 0 : 1);
		}
	}

	/** As a later version of the application has it. */
	record NewState(String order, String payment) {

	}

	record OtherState(int order) {

	}

	record Customer(@DataSubject String order, @Encrypted String email) {

	}

}
