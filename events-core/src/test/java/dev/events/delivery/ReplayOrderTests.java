package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

import dev.events.AfterDeadLetter;
import dev.events.DeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.Replay;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The order of a key in a replay beside live delivery: what is waiting already when the
 * replay comes, what fails in it, and what comes live meanwhile.
 */
class ReplayOrderTests extends ReplayTest {

	// the second event would come when everything here is over
	private static final double NEVER = 0.001;

	@Test
	void liveEventsOfAKeyWaitForItsReplayAndOthersDoNot() {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 5);
		publish(bus, "z", 1, 1);
		awaitHandled(6);
		bus.replay().subscriber("s").rate(NEVER).start();
		awaitReceived("rk1");
		publish(bus, "k", 6, 7);
		publish(bus, "x", 1, 1);
		bus.publish(Event.of("a", "without a key"));
		awaitReceived("x1", "without a key");
		assertThat(of("k")).isEqualTo(joined(numbers("k", 1, 5), List.of("rk1")));
	}

	@Test
	void liveEventsOfAKeyComeAfterItsReplay() throws InterruptedException {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 5);
		publish(bus, "z", 1, 1);
		awaitHandled(6);
		CountDownLatch published = new CountDownLatch(1);
		this.holdUp = (what) -> {
			if (what.equals("rk2")) {
				published.await();
			}
		};
		Replay replay = bus.replay().subscriber("s").rate(10).start();
		awaitReceived("rk1");
		publish(bus, "k", 6, 7);
		published.countDown();
		awaitCompleted(replay);
		awaitReceived("k7", "rz1");
		assertThat(of("k")).isEqualTo(joined(joined(numbers("k", 1, 5), numbers("rk", 1, 5)), numbers("k", 6, 7)));
	}

	@Test
	void aKeyThatTheReplayIsPastGoesOnAtOnce() {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 1);
		publish(bus, "z", 1, 6);
		awaitHandled(7);
		bus.replay().subscriber("s").rate(NEVER).start();
		awaitReceived("rk1");
		publish(bus, "z", 7, 7);
		publish(bus, "k", 2, 2);
		awaitReceived("k2");
		assertThat(of("z")).isEqualTo(numbers("z", 1, 6));
	}

	@Test
	void whileItIsPausedItsKeysWait() {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 4);
		awaitHandled(4);
		Replay replay = bus.replay().subscriber("s").rate(NEVER).start();
		awaitReceived("rk1");
		assertThat(replay.pause()).isTrue();
		assertThat(replay.pause()).isFalse();
		publish(bus, "k", 5, 5);
		publish(bus, "x", 1, 1);
		awaitReceived("x1");
		letPass(Duration.ofMillis(700));
		assertThat(of("k")).isEqualTo(joined(numbers("k", 1, 4), List.of("rk1")));
		assertThat(replay.cancel()).isTrue();
		awaitReceived("k5");
		assertThat(of("k")).isEqualTo(joined(numbers("k", 1, 4), List.of("rk1", "k5")));
	}

	@Test
	void whenItIsResumedItsKeysComeInOrder() throws InterruptedException {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 4);
		awaitHandled(4);
		bus.stop();
		Replay replay = bus.replay().subscriber("s").start();
		assertThat(replay.pause()).isTrue();
		bus.start();
		publish(bus, "k", 5, 5);
		publish(bus, "x", 1, 1);
		awaitReceived("x1");
		assertThat(of("k")).isEqualTo(numbers("k", 1, 4));
		assertThat(replay.resume()).isTrue();
		awaitCompleted(replay);
		awaitReceived("k5");
		assertThat(of("k")).isEqualTo(joined(joined(numbers("k", 1, 4), numbers("rk", 1, 4)), numbers("k", 5, 5)));
	}

	@Test
	void afterACancellationItsKeysGoOn() throws InterruptedException {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 50);
		awaitHandled(50);
		Replay replay = bus.replay().subscriber("s").rate(2).start();
		awaitReceived("rk1");
		publish(bus, "k", 51, 52);
		letPass(Duration.ofMillis(300));
		assertThat(of("k")).doesNotContain("k51");
		assertThat(replay.cancel()).isTrue();
		awaitReceived("k51", "k52");
		assertThat(replay.await(Duration.ofSeconds(20))).isTrue();
		assertThat(replay.resume()).isFalse();
		assertThat(of("k")).doesNotContain("rk50").containsSubsequence("rk1", "k51", "k52");
	}

	@Test
	void whatIsParkedOrQueuedIsDeliveredOnceInItsPlace() throws InterruptedException {
		this.bad.add("k2");
		DurableEventBus bus = started();
		publish(bus, "k", 1, 3);
		publish(bus, "z", 1, 2);
		awaitReceived("z2");
		await().until(() -> bus.stats().failed() > 0);
		Replay replay = bus.replay().subscriber("s").start();
		awaitCompleted(replay);
		this.bad.clear();
		awaitReceived("k3");
		assertThat(of("k")).containsExactly("k1", "rk1", "k2", "k3");
		assertThat(of("z")).containsExactly("z1", "z2", "rz1", "rz2");
		publish(bus, "k", 4, 4);
		awaitReceived("k4");
		assertThat(of("k")).containsExactly("k1", "rk1", "k2", "k3", "k4");
	}

	@Test
	void aDueDeliveryWaitsForTheReplayOfWhatLiesInFrontOfIt() throws InterruptedException {
		this.bad.add("k3");
		DurableEventBus bus = started();
		publish(bus, "k", 1, 4);
		await().until(() -> bus.stats().failed() > 0);
		Replay replay = bus.replay().subscriber("s").rate(2).start();
		awaitReceived("rk1");
		// due again and again, for the replay is not there yet
		this.bad.clear();
		awaitCompleted(replay);
		awaitReceived("k4");
		assertThat(of("k")).containsExactly("k1", "k2", "rk1", "rk2", "k3", "k4");
	}

	@Test
	void aHeldKeyIsReplayedUpToItsDeadLetter() throws InterruptedException {
		this.bad.add("k2");
		DurableEventBus bus = bus(builder().retry(FAST.withMaxAttempts(1)));
		bus.subscribe(subscriber(options().afterDeadLetter(AfterDeadLetter.HOLD)));
		bus.start();
		publish(bus, "k", 1, 3);
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		Replay replay = bus.replay().subscriber("s").start();
		awaitCompleted(replay);
		assertThat(of("k")).containsExactly("k1", "rk1");
		UUID id = bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0).id();
		assertThat(bus.deadLetters().skip(id)).isTrue();
		awaitReceived("k3");
		assertThat(of("k")).containsExactly("k1", "rk1", "k3");
	}

	@Test
	void whatFailsInAReplayHoldsBackItsKeyOnly() throws InterruptedException {
		this.bad.add("rk2");
		DurableEventBus bus = started();
		publish(bus, "k", 1, 4);
		publish(bus, "z", 1, 2);
		awaitHandled(6);
		Replay replay = bus.replay().subscriber("s").start();
		awaitCompleted(replay);
		assertThat(replay.info().failed()).isPositive();
		publish(bus, "k", 5, 5);
		publish(bus, "z", 3, 3);
		awaitReceived("z3");
		letPass(Duration.ofMillis(200));
		assertThat(of("k")).containsExactly("k1", "k2", "k3", "k4", "rk1");
		this.bad.clear();
		awaitReceived("k5");
		assertThat(of("k")).containsExactly("k1", "k2", "k3", "k4", "rk1", "rk2", "rk3", "rk4", "k5");
		assertThat(of("z")).containsExactly("z1", "z2", "rz1", "rz2", "z3");
	}

	@Test
	void aDeadLetterOfAReplaySaysSoAlsoWhenItIsRetried() throws InterruptedException {
		this.bad.add("rk2");
		DurableEventBus bus = bus(builder().retry(FAST.withMaxAttempts(2)));
		bus.subscribe(subscriber());
		bus.start();
		publish(bus, "k", 1, 3);
		awaitHandled(3);
		awaitCompleted(bus.replay().subscriber("s").start());
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		DeadLetter letter = bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0);
		assertThat(letter.replay()).isTrue();
		awaitReceived("rk3");
		this.bad.clear();
		bus.deadLetters().retry(letter.id());
		awaitReceived("rk2");
	}

	@Test
	void aDeadLetterIsReplayedAndStaysOneOfLiveDelivery() throws InterruptedException {
		this.bad.add("k2");
		this.bad.add("rk2");
		DurableEventBus bus = bus(builder().retry(FAST.withMaxAttempts(2)));
		bus.subscribe(subscriber());
		bus.start();
		publish(bus, "k", 1, 3);
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		awaitReceived("k3");
		awaitCompleted(bus.replay().subscriber("s").start());
		awaitReceived("rk3");
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		assertThat(bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0).replay()).isFalse();
		this.bad.clear();
		awaitCompleted(bus.replay().subscriber("s").start());
		assertThat(of("k")).containsExactly("k1", "k3", "rk1", "rk3", "rk1", "rk2", "rk3");
	}

	@Test
	void liveEventsThatWaitForItDoNotStopAReplay() throws InterruptedException {
		DurableEventBus bus = bus(
				builder().delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(2)).withMaxParked(3)));
		bus.subscribe(subscriber());
		bus.start();
		publish(bus, "k", 1, 6);
		awaitHandled(6);
		Replay replay = bus.replay().subscriber("s").rate(4).start();
		awaitReceived("rk1");
		publish(bus, "k", 7, 30);
		awaitCompleted(replay);
		awaitReceived("k30");
		assertThat(of("k")).isEqualTo(joined(joined(numbers("k", 1, 6), numbers("rk", 1, 6)), numbers("k", 7, 30)));
	}

}
