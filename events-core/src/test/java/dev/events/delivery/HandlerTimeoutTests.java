package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.DeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.HandlerTimeoutException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers that take too long.
 */
class HandlerTimeoutTests extends EngineTest {

	private static final Duration SHORT = Duration.ofMillis(100);

	@Test
	void aHandlerThatHangsIsInterruptedAndTriedAgain() {
		DurableEventBus bus = bus();
		AtomicInteger attempts = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).timeout(SHORT).handler((event) -> {
			if (attempts.incrementAndGet() == 1) {
				new CountDownLatch(1).await();
			}
			this.received.add("" + event.data());
		}));
		bus.start();
		bus.publish(Event.of("a", "one").withKey("k"));
		bus.publish(Event.of("a", "two").withKey("k"));
		awaitReceived("one", "two");
		assertThat(this.received).containsExactly("one", "two");
	}

	@Test
	void theDeadLetterSaysSo() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").maxAttempts(1).timeout(SHORT).handler((event) -> {
			new CountDownLatch(1).await();
		}));
		bus.start();
		bus.publish(Event.of("a", "one"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		DeadLetter letter = bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0);
		assertThat(letter.errorType()).isEqualTo(HandlerTimeoutException.class.getName());
		assertThat(letter.errorMessage()).contains("100 ms");
		assertThat(letter.errorStack()).contains("HandlerTimeoutTests", "InterruptedException");
	}

	@Test
	void theDefaultOfTheBusAppliesUnlessTheSubscriberSaysOtherwise() {
		DurableEventBus bus = bus(builder().delivery(DeliverySettings.DEFAULT.withHandlerTimeout(SHORT)));
		bus.subscribe(Subscriber.to("a").id("default").maxAttempts(1).handler((event) -> {
			new CountDownLatch(1).await();
		}));
		bus.subscribe(Subscriber.to("a").id("patient").maxAttempts(1).timeout(Duration.ZERO).handler((event) -> {
			letPass(SHORT.multipliedBy(3));
			this.received.add("patient");
		}));
		bus.start();
		bus.publish(Event.of("a", "one"));
		awaitReceived("patient");
		await().until(() -> bus.deadLetters().count(Filter.all().subscription("default")) == 1);
		assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(1);
	}

	@Test
	void aHandlerThatFinishesInSpiteOfTheInterruptHasSucceeded() {
		DurableEventBus bus = bus();
		AtomicInteger attempts = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).timeout(SHORT).handler((event) -> {
			attempts.incrementAndGet();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				this.received.add("" + event.data());
			}
		}));
		bus.start();
		bus.publish(Event.of("a", "one"));
		awaitReceived("one");
		letPass(Duration.ofMillis(300));
		assertThat(attempts).hasValue(1);
		assertThat(bus.stats().failed()).isZero();
	}

	@Test
	void anAnswerThatDoesNotComeIsCancelled() {
		DurableEventBus bus = bus();
		CompletableFuture<List<Event<?>>> never = new CompletableFuture<>();
		bus.subscribe(Subscriber.to("a").id("s").maxAttempts(1).timeout(SHORT).function((event, delivery) -> never));
		bus.start();
		bus.publish(Event.of("a", "one"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(never).isCancelled();
	}

	@Test
	void theAlarmOfOneCallDoesNotReachTheNext() {
		DurableEventBus bus = bus();
		Duration timeout = Duration.ofSeconds(1);
		AtomicInteger tooSoon = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).timeout(timeout).handler((event) -> {
			// the alarm of the first would go off in the middle of the second
			long begin = System.nanoTime();
			try {
				new CountDownLatch(1).await(event.data().equals("first") ? 800 : 500, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				// later it may be its own, if the machine stood still
				if (System.nanoTime() - begin < timeout.toNanos() * 9 / 10) {
					tooSoon.incrementAndGet();
				}
			}
			this.received.add("" + event.data());
		}));
		bus.start();
		bus.publishAll(List.of(Event.of("a", "first"), Event.of("a", "second")));
		awaitReceived("second");
		assertThat(this.received).containsExactly("first", "second");
		assertThat(tooSoon).hasValue(0);
	}

}
