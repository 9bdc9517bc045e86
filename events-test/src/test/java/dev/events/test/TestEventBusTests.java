package dev.events.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.events.DeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.EventStoreException;
import dev.events.NonRetryableEventException;
import dev.events.Replay;
import dev.events.ReplayInfo;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.SubscriptionDefinition;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.delivery.DeliverySettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static dev.events.test.EventAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link TestEventBus}.
 */
@Execution(ExecutionMode.CONCURRENT)
class TestEventBusTests {

	private static final RetryPolicy RETRY = new RetryPolicy(3, Duration.ofMinutes(1), 2, Duration.ofHours(1), 0);

	private final List<Object> received = Collections.synchronizedList(new ArrayList<>());

	private final TestEventBus bus = TestEventBus.create((options) -> options.retry(RETRY));

	@AfterEach
	void close() {
		this.bus.close();
	}

	private Subscription billing() {
		return this.bus.subscribe(
				Subscriber.to(OrderPlaced.class).id("billing").handler((event) -> this.received.add(event.data())));
	}

	@Test
	void nothingIsDeliveredBeforeItIsAskedFor() {
		billing();
		this.bus.processAll();

		this.bus.publish(new OrderPlaced("1", 10));

		assertThat(this.received).isEmpty();
		this.bus.processAll();
		assertThat(this.received).containsExactly(new OrderPlaced("1", 10));
	}

	@Test
	void eventsOfAllKeysComeInTheOrderInWhichTheyWerePublished() {
		billing();
		List<Object> published = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			OrderPlaced event = new OrderPlaced("order-" + i % 7, i);
			published.add(event);
			this.bus.publish(event);
		}

		this.bus.processAll();

		assertThat(this.received).isEqualTo(published);
	}

	@Test
	void whatHandlersPublishAndAnswerIsProcessedToo() {
		this.bus.subscribe(Subscriber.to(OrderPlaced.class)
			.id("payment")
			.function((event, delivery) -> new OrderPaid(event.data().order())));
		this.bus.subscribe(Subscriber.to(OrderPaid.class).id("again").handler((event) -> {
			int order = Integer.parseInt(event.data().order());
			if (order < 20) {
				this.bus.publish(new OrderPlaced(String.valueOf(order + 1), 10));
			}
		}));

		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.processAll();

		assertThat(this.bus).published(OrderPaid.class).exactly(20);
		assertThat(this.bus).delivered(OrderPaid.class).to("again").exactly(20);
	}

	@Test
	void asynchronousPublicationsAreProcessedToo() {
		billing();
		this.bus.publishAsync(new OrderPlaced("1", 10));
		this.bus.from("shop").publishAndForget(new OrderPlaced("2", 10));

		this.bus.processAll();

		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").exactly(2);
	}

	@Test
	void aSubscriberWithoutIdIsServed() {
		this.bus.subscribe(OrderPlaced.class, (event) -> this.received.add(event.data()));

		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.processAll();

		assertThat(this.received).hasSize(1);
	}

	@Test
	void aRetryHappensWhenItsTimeHasComeAndNotBefore() {
		billing();
		this.bus.failNext("billing", 2);
		this.bus.publish(new OrderPlaced("1", 10));

		this.bus.processAll();
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").never().failed(1);
		this.bus.advance(Duration.ofSeconds(59));
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").never().failed(1);
		this.bus.advance(Duration.ofSeconds(1));
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").never().failed(2);
		this.bus.advance(Duration.ofMinutes(2).minusMillis(1));
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").never().failed(2);
		this.bus.advance(Duration.ofMillis(1));
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").once().failed(2);
	}

	@Test
	void aLongTimeBringsOneRetryAfterTheOtherAtItsTime() {
		List<Instant> attempts = new ArrayList<>();
		Instant begin = this.bus.clock().instant();
		this.bus.subscribe(Subscriber.to(OrderPlaced.class).id("billing").handler((event) -> {
			attempts.add(this.bus.clock().instant());
			throw new IllegalStateException("No money");
		}));
		this.bus.publish(new OrderPlaced("1", 10));

		this.bus.advance(Duration.ofDays(30));

		assertThat(attempts).containsExactly(begin, begin.plusSeconds(60), begin.plusSeconds(180));
		assertThat(this.bus.clock().instant()).isEqualTo(begin.plus(Duration.ofDays(30)));
		assertThat(this.bus).hasDeadLetter("billing").because(IllegalStateException.class).afterAttempts(3);
	}

	@Test
	@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void retriesAtTimesBetweenMicrosecondsComeToo() {
		RetryPolicy odd = new RetryPolicy(3, Duration.ofNanos(1_000_000_001), 2, Duration.ofHours(1), 0.3);
		try (TestEventBus jittery = TestEventBus.create((options) -> options.retry(odd))) {
			jittery.subscribe(Subscriber.to(OrderPlaced.class).id("billing").handler((event) -> {
				throw new IllegalStateException("No money");
			}));
			jittery.publish(new OrderPlaced("1", 10));

			jittery.advance(Duration.ofHours(1));

			assertThat(jittery).hasDeadLetter("billing").afterAttempts(3);
		}
	}

	@Test
	void retriesOfASubscriberWithoutIdGoByTheSameClock() {
		Subscription subscription = this.bus.subscribe(OrderPlaced.class, (event) -> this.received.add(event.data()));
		this.bus.failNext(subscription.id(), 1);
		this.bus.publish(new OrderPlaced("1", 10));

		this.bus.processAll();
		assertThat(this.received).isEmpty();
		this.bus.advance(Duration.ofMinutes(1));

		assertThat(this.received).hasSize(1);
	}

	@Test
	void whatWaitsBehindARetryOfItsKeyComesAfterIt() {
		billing();
		this.bus.failNext("billing", 1);
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.publish(new OrderPlaced("1", 20));
		this.bus.publish(new OrderPlaced("2", 30));

		this.bus.processAll();
		assertThat(this.received).containsExactly(new OrderPlaced("2", 30));
		this.bus.advance(Duration.ofMinutes(1));

		assertThat(this.received).containsExactly(new OrderPlaced("2", 30), new OrderPlaced("1", 10),
				new OrderPlaced("1", 20));
	}

	@Test
	void scheduledEventsComeAtTheirTime() {
		billing();
		Instant begin = this.bus.clock().instant();
		this.bus.publishIn(Duration.ofDays(3), new OrderPlaced("1", 10));

		this.bus.advance(Duration.ofDays(3).minusMillis(1));
		assertThat(this.bus).hasScheduled(OrderPlaced.class).hasNotPublished(OrderPlaced.class);
		this.bus.advance(Duration.ofMillis(1));

		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").once();
		assertThat(this.bus.published()).singleElement()
			.satisfies((event) -> assertThat(event.timestamp()).isEqualTo(begin.plus(Duration.ofDays(3))));
	}

	@Test
	void aDeadLetterCanBeTriedAgain() {
		billing();
		this.bus.failNext("billing", 1, () -> new NonRetryableEventException("Never"));
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.processAll();
		assertThat(this.bus).hasDeadLetter("billing").because("Never").of(OrderPlaced.class).afterAttempts(1);

		assertThat(this.bus.dead()).extracting(DeadLetter::subscription).containsExactly("billing");
		this.bus.deadLetters().retryAll(Filter.all());
		this.bus.processAll();

		assertThat(this.bus).hasNoDeadLetters().delivered(OrderPlaced.class).to("billing").once();
	}

	@Test
	void aSynchronousSubscriberCanBeLetFailToo() {
		this.bus.subscribe(Subscriber.to(OrderPlaced.class)
			.id("stock")
			.synchronous()
			.handler((event) -> this.received.add(event.data())));
		this.bus.failNext("stock", 1);

		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.bus.publish(new OrderPlaced("1", 10)));
		this.bus.publish(new OrderPlaced("2", 10));

		assertThat(this.bus).delivered(OrderPlaced.class).to("stock").once().failed(1);
	}

	@Test
	void aCallOfTheStoreThatFailsHasDoneNothing() {
		this.bus.failNext(StoreCall.APPEND, 1);

		assertThatExceptionOfType(EventStoreException.class)
			.isThrownBy(() -> this.bus.publish(new OrderPlaced("1", 10)));

		assertThat(this.bus).hasNotPublished("order.**");
	}

	@Test
	void aCallOfTheStoreWhoseAnswerIsLostIsDone() {
		this.bus.loseNextAnswer(StoreCall.APPEND, 1);

		assertThatExceptionOfType(EventStoreException.class)
			.isThrownBy(() -> this.bus.publish(new OrderPlaced("1", 10)));

		assertThat(this.bus).published(OrderPlaced.class).once();
	}

	@Test
	void nothingIsLostWhenProgressCannotBeSaved() {
		billing();
		this.bus.failNext("billing", 1);
		this.bus.failNext(StoreCall.CHECKPOINT, 2);
		this.bus.loseNextAnswer(StoreCall.CHECKPOINT, 1);
		this.bus.publish(new OrderPlaced("1", 10));

		this.bus.advance(Duration.ofMinutes(1));

		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").once();
	}

	@Test
	void whatIsStillPendingIsReported() {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		this.bus.subscribe(Subscriber.to(OrderPlaced.class).id("billing").handler((event) -> {
			begun.countDown();
			never.await();
		}));
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.patience(Duration.ofMillis(300));
		for (int i = 0; i < 50 && begun.getCount() > 0; i++) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(this.bus::processAll);
		}

		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.bus::processAll)
			.withMessageContaining("within PT0.3S")
			.withMessageContaining("billing")
			.withMessageContaining("CountDownLatch.await");
		never.countDown();
	}

	@Test
	void aHandlerCannotProcess() {
		this.bus.subscribe(Subscriber.to(OrderPlaced.class).id("billing").handler((event) -> this.bus.processAll()));
		this.bus.publish(new OrderPlaced("1", 10));

		this.bus.processAll();

		assertThat(this.bus.handled()).singleElement()
			.satisfies((call) -> assertThat(call.failure()).isInstanceOf(IllegalStateException.class));
	}

	@Test
	void timeDoesNotGoBack() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.bus.advance(Duration.ofSeconds(-1)));
	}

	@Test
	void afterAResetNothingIsLeftButSubscribers() {
		billing();
		this.bus.failNext("billing", 5, () -> new NonRetryableEventException("Never"));
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.processAll();
		this.bus.publish(new OrderPlaced("1", 20));
		this.bus.publishIn(Duration.ofHours(1), new OrderPlaced("1", 30));

		this.bus.reset();

		assertThat(this.bus).hasNoDeadLetters().hasNotPublished("**").delivered("**").notTo("billing");
		this.bus.publish(new OrderPlaced("1", 40));
		this.bus.advance(Duration.ofDays(1));
		assertThat(this.bus).delivered(OrderPlaced.class).to("billing").inOrder(new OrderPlaced("1", 40));
	}

	@Test
	void aReplayIsProcessedToItsEnd() {
		billing();
		this.bus.publishAll(List.of(new OrderPlaced("1", 10), new OrderPlaced("2", 20)));
		this.bus.processAll();

		Replay replay = this.bus.replay().subscriber("billing").start();
		this.bus.processAll();

		assertThat(replay.info().state()).isEqualTo(ReplayInfo.State.COMPLETED);
		assertThat(this.bus.handled()).extracting(HandledEvent::replay).containsExactly(false, false, true, true);
	}

	@RepeatedTest(5)
	void aPausedReplayIsNotPending() {
		billing();
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.processAll();
		Replay replay = this.bus.replay().subscriber("billing").start();
		replay.pause();

		this.bus.processAll();
		assertThat(replay.info().state()).isEqualTo(ReplayInfo.State.PAUSED);

		replay.resume();
		this.bus.processAll();
		assertThat(replay.info().state()).isEqualTo(ReplayInfo.State.COMPLETED);
	}

	@RepeatedTest(5)
	void aRewoundSubscriptionBeginsAgain() {
		billing();
		this.bus.publishAll(List.of(new OrderPlaced("1", 10), new OrderPlaced("2", 20)));
		this.bus.processAll();

		this.bus.subscriptions().rewind("billing", 1);
		this.bus.processAll();

		assertThat(this.received).containsExactly(new OrderPlaced("1", 10), new OrderPlaced("2", 20),
				new OrderPlaced("2", 20));
	}

	@RepeatedTest(5)
	void aSubscriptionThatWasMovedForwardPassesOver() {
		billing();
		this.bus.publish(new OrderPlaced("1", 10));

		this.bus.subscriptions().fastForward("billing");
		this.bus.publish(new OrderPlaced("2", 20));
		this.bus.processAll();

		assertThat(this.received).containsExactly(new OrderPlaced("2", 20));
	}

	@RepeatedTest(5)
	void aPausedSubscriptionGetsNothingUntilItIsResumed() {
		billing();
		this.bus.processAll();

		this.bus.subscriptions().pause("billing");
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.processAll();
		assertThat(this.received).isEmpty();

		this.bus.subscriptions().resume("billing");
		this.bus.processAll();
		assertThat(this.received).hasSize(1);
	}

	@RepeatedTest(5)
	void aSubscriptionMayHaveMorePartitionsThanBefore() {
		billing().close();
		this.bus.publish(new OrderPlaced("1", 10));
		this.bus.subscribe(Subscriber.to(OrderPlaced.class)
			.id("billing")
			.partitions(3)
			.handler((event) -> this.received.add(event.data())));
		this.bus.publish(new OrderPlaced("2", 20));

		this.bus.processAll();

		assertThat(this.received).containsExactlyInAnyOrder(new OrderPlaced("1", 10), new OrderPlaced("2", 20));
	}

	@RepeatedTest(5)
	void aSubscriptionInTheStoreIsServed() {
		try (TestEventBus connected = TestEventBus
			.create((options) -> options.connectors(List.of(new Collecting(this.received))))) {
			connected.subscriptions().create(SubscriptionDefinition.of("collecting", "order.*").withId("crm"));
			connected.publish(new OrderPlaced("1", 10));
			connected.processAll();
			assertThat(this.received).containsExactly("order.placed");

			connected.subscriptions().delete("crm");
			connected.publish(new OrderPlaced("2", 20));
			connected.processAll();
			assertThat(this.received).hasSize(1);
		}
	}

	@Test
	void whatHasNotBegunDoesNotHoldUpTheEndOfASubscription() {
		Duration patience = Duration.ofSeconds(40);
		try (TestEventBus patient = TestEventBus
			.create((options) -> options.delivery(DeliverySettings.DEFAULT.withShutdownTimeout(patience)))) {
			Subscription subscription = patient.subscribe(
					Subscriber.to(OrderPlaced.class).id("billing").handler((event) -> this.received.add(event.data())));
			patient.processAll();
			patient.publish(new OrderPlaced("1", 10));
			long begin = System.nanoTime();

			subscription.close();

			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(patience.dividedBy(2));
		}
		assertThat(this.received).isEmpty();
	}

	@RepeatedTest(20)
	void quietMeansThatEverythingIsDone() {
		for (int subscription = 0; subscription < 5; subscription++) {
			this.bus.subscribe(Subscriber.to("order.*").id("s" + subscription).partitions(3).handler((event) -> {
			}));
			this.bus.failNext("s" + subscription, subscription);
		}
		for (int i = 0; i < 50; i++) {
			this.bus.publish(new OrderPlaced("order-" + i % 7, i));
		}

		this.bus.advance(Duration.ofMinutes(3));

		for (int subscription = 0; subscription < 5; subscription++) {
			assertThat(this.bus).delivered("order.*").to("s" + subscription).exactly(50).failed(subscription);
		}
	}

	/**
	 * A connector that remembers types.
	 */
	private record Collecting(List<Object> types) implements EventConnector<Collecting.Config> {

		@Override
		public String type() {
			return "collecting";
		}

		@Override
		public Class<Config> configType() {
			return Config.class;
		}

		@Override
		public EventConnection connect(Config config, ConnectorContext context) {
			return (event, delivery) -> this.types.add(event.type());
		}

		private record Config() {

		}

	}

}
