package dev.events.delivery;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which attempt comes when.
 */
class RetryOrderTests extends EngineTest {

	static boolean parks(Object checkpoints) {
		return ((Collection<?>) checkpoints).stream()
			.flatMap((checkpoint) -> ((Checkpoint) checkpoint).changes().stream())
			.anyMatch((change) -> change instanceof DeliveryChange.Park);
	}

	@Test
	void aRetryIsNotMadeTwiceWhenACheckpointAnswersLate() {
		this.store.hook = (method, args, call) -> {
			Object result = call.call();
			if (method.equals("Cursors.checkpoint") && parks(args[0])) {
				letPass(Duration.ofMillis(1500));
			}
			return result;
		};
		DurableEventBus bus = bus();
		AtomicInteger attempts = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).function((event, delivery) -> {
			if (event.data().equals("one") && delivery.attempt() == 1) {
				throw new IllegalStateException("first");
			}
			if (event.data().equals("one")) {
				attempts.incrementAndGet();
				letPass(Duration.ofSeconds(2));
			}
			this.received.add("" + event.data());
			return null;
		}));
		bus.start();
		awaitOwned("s");
		for (String data : new String[] { "one", "two", "three" }) {
			bus.publish(Event.of("a", data).withKey("k"));
		}
		awaitReceived("three");
		letPass(Duration.ofSeconds(2));
		assertThat(this.received).containsExactly("one", "two", "three");
		assertThat(attempts).hasValue(1);
	}

	@Test
	void deadLettersOfAKeyAreRetriedInOrder() {
		DurableEventBus bus = bus();
		AtomicBoolean broken = new AtomicBoolean(true);
		AtomicBoolean failOnceMore = new AtomicBoolean(true);
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).maxAttempts(2).handler((event) -> {
			if (broken.get() || event.data().equals("one") && failOnceMore.compareAndSet(true, false)) {
				throw new IllegalStateException("x");
			}
			this.received.add("" + event.data());
		}));
		bus.start();
		awaitOwned("s");
		bus.publish(Event.of("a", "one").withKey("k"));
		bus.publish(Event.of("a", "two").withKey("k"));
		await().atMost(Duration.ofSeconds(20)).until(() -> bus.deadLetters().count(Filter.all()) == 2);
		broken.set(false);
		bus.deadLetters().retryAll(Filter.all());
		awaitReceived("one", "two");
		assertThat(this.received).containsExactly("one", "two");
	}

	@Test
	void aHangingSubscriberDoesNotDelayRetriesOfOthers() {
		DurableEventBus bus = bus();
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger failed = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("hanging").partitions(1).function((event, delivery) -> {
			if (delivery.attempt() == 1) {
				failed.incrementAndGet();
				throw new IllegalStateException("first");
			}
			release.await();
			return null;
		}));
		bus.subscribe(Subscriber.to("b").id("other").partitions(1).function((event, delivery) -> {
			if (delivery.attempt() == 1) {
				throw new IllegalStateException("first");
			}
			this.received.add("" + event.data());
			return null;
		}));
		bus.start();
		awaitOwned("hanging");
		awaitOwned("other");
		// stored, so that all of them fail before the first is due again and hangs
		bus.publishAll(java.util.stream.IntStream.range(0, 700).mapToObj((i) -> Event.of("a", i)).toList());
		await().until(() -> failed.get() >= 1);
		letPass(Duration.ofSeconds(1));
		bus.publish(Event.of("b", "x"));
		awaitReceived("x");
		release.countDown();
	}

	@Test
	void anInterruptedExceptionOfTheHandlersOwnIsAFailureLikeAnyOther() {
		DurableEventBus bus = bus();
		AtomicInteger calls = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).handler((event) -> {
			if (event.data().equals("bad")) {
				calls.incrementAndGet();
				throw new InterruptedException("mine");
			}
			this.received.add("" + event.data());
		}));
		bus.start();
		bus.publish(Event.of("a", "bad"));
		bus.publish(Event.of("a", "good"));
		awaitReceived("good");
		await().atMost(Duration.ofSeconds(20)).until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(calls).hasValue(3);
	}

	@Test
	void aStageThatFailsWithInterruptedExceptionIsAFailureLikeAnyOther() {
		DurableEventBus bus = bus();
		AtomicInteger calls = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).function((event, delivery) -> {
			calls.incrementAndGet();
			return CompletableFuture.failedFuture(new InterruptedException("elsewhere"));
		}));
		bus.start();
		bus.publish(Event.of("a", "bad"));
		await().atMost(Duration.ofSeconds(20)).until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(calls).hasValue(3);
	}

}
