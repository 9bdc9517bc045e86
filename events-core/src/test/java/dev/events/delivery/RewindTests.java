package dev.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.events.AfterDeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Moving a subscription back and forward.
 */
class RewindTests extends ReplayTest {

	private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

	@Test
	void aRewoundSubscriptionBeginsAgain() {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 4);
		awaitHandled(4);
		bus.subscriptions().rewind("s", 2);
		awaitHandled(6);
		publish(bus, "k", 5, 5);
		awaitReceived("k5");
		assertThat(this.received).containsExactly("k1", "k2", "k3", "k4", "k3", "k4", "k5");
	}

	@Test
	void whatIsParkedStaysInItsPlace() {
		this.bad.add("k3");
		DurableEventBus bus = started();
		publish(bus, "k", 1, 4);
		await().until(() -> bus.stats().failed() > 0);
		bus.subscriptions().rewind("s", 0);
		awaitHandled(4);
		this.bad.clear();
		awaitReceived("k4");
		assertThat(this.received).containsExactly("k1", "k2", "k1", "k2", "k3", "k4");
	}

	@Test
	void whatIsDueWaitsUntilLiveDeliveryComesToItAgain() {
		this.bad.add("k6");
		DurableEventBus bus = started();
		publish(bus, "k", 1, 8);
		await().until(() -> bus.stats().failed() > 0);
		rewindAndHoldUp(bus, () -> this.bad.clear());
		awaitReceived("k8");
		assertThat(this.received).containsExactlyElementsOf(joined(numbers("k", 1, 5), numbers("k", 1, 8)));
	}

	@Test
	void whatIsQueuedBehindADeadLetterWaitsForLiveDelivery() {
		this.bad.add("k3");
		DurableEventBus bus = bus(builder().retry(FAST.withMaxAttempts(1)));
		bus.subscribe(subscriber(options().afterDeadLetter(AfterDeadLetter.HOLD)));
		bus.start();
		publish(bus, "k", 1, 6);
		publish(bus, "z", 1, 1);
		awaitReceived("z1");
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		rewindAndHoldUp(bus, () -> {
			this.bad.clear();
			bus.deadLetters().skip(bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0).id());
		});
		awaitReceived("k6");
		assertThat(of("k")).containsExactlyElementsOf(joined(numbers("k", 1, 2), numbers("k", 1, 6)));
	}

	/** Live delivery stands at the first event again, for as long as a retry takes. */
	private void rewindAndHoldUp(DurableEventBus bus, Runnable meanwhile) {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		this.holdUp = (what) -> {
			if (what.equals("k1")) {
				begun.countDown();
				end.await();
			}
		};
		bus.subscriptions().rewind("s", 0);
		await().until(() -> begun.getCount() == 0);
		meanwhile.run();
		letPass(Duration.ofMillis(1500));
		end.countDown();
	}

	@Test
	void liveDeliveryGoesOnThoughAllThatMayIsParkedAlready() {
		this.bad.addAll(List.of("a2", "b2"));
		DurableEventBus bus = bus(builder().retry(FAST.withMaxAttempts(1000))
			.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(2)).withMaxParked(2)));
		bus.subscribe(subscriber());
		bus.start();
		publish(bus, "a", 1, 3);
		publish(bus, "b", 1, 3);
		publish(bus, "z", 1, 1);
		await().until(() -> bus.stats().failed() > 1);
		bus.subscriptions().rewind("s", 0);
		this.bad.clear();
		awaitReceived("a3", "b3", "z1");
		assertThat(of("a").subList(of("a").size() - 3, of("a").size())).containsExactly("a1", "a2", "a3");
		assertThat(of("b").subList(of("b").size() - 2, of("b").size())).containsExactly("b2", "b3");
	}

	@Test
	void aSubscriptionThatIsNotServedIsMovedByTime() {
		DurableEventBus bus = bus();
		bus.subscribe(subscriber());
		bus.publishAll(
				List.of(Event.of("a", "1").withTimestamp(NOON), Event.of("a", "2").withTimestamp(NOON.plusSeconds(1)),
						Event.of("a", "3").withTimestamp(NOON.plusSeconds(2))));
		bus.subscriptions().fastForward("s", NOON.plusSeconds(2));
		assertThat(cursors("s").get(0).position()).isEqualTo(2);
		bus.subscriptions().fastForward("s");
		assertThat(cursors("s").get(0).position()).isEqualTo(3);
		bus.subscriptions().rewind("s", NOON.plusSeconds(1));
		assertThat(cursors("s").get(0).position()).isEqualTo(1);
		bus.subscriptions().rewind("s", NOON.plusSeconds(9));
		bus.start();
		awaitHandled(2);
		assertThat(this.received).containsExactly("2", "3");
	}

	@Test
	void afterARewindOtherPartitionsLoseNothing() {
		DurableEventBus first = bus();
		this.bad.add("k3");
		first.subscribe(subscriber(Subscriber.to("a").id("s").partitions(3).startAt(StartPosition.BEGINNING)));
		first.start();
		publish(first, "k", 1, 3);
		publish(first, "z", 1, 3);
		await().until(() -> first.stats().failed() > 0);
		awaitReceived("z3");
		first.close();
		this.received.clear();
		first.subscriptions().rewind("s", 0);
		DurableEventBus second = bus();
		second.subscribe(subscriber(Subscriber.to("a").id("s").partitions(2)));
		this.bad.clear();
		second.start();
		awaitReceived("k3", "z3");
		assertThat(of("k")).containsExactly("k1", "k2", "k3");
		assertThat(of("z")).containsExactly("z1", "z2", "z3");
	}

	@Test
	void badInputIsRefused() {
		DurableEventBus bus = bus();
		bus.subscribe(subscriber());
		publish(bus, "k", 1, 3);
		assertThatIllegalArgumentException().isThrownBy(() -> bus.subscriptions().rewind("s", 4))
			.withMessageContaining("from 0 to 3");
		assertThatIllegalArgumentException().isThrownBy(() -> bus.subscriptions().rewind("s", -1));
		assertThatThrownBy(() -> bus.subscriptions().rewind("t", 0)).isInstanceOf(InvalidSubscriptionException.class)
			.hasMessageContaining("There is no subscription 't'");
		assertThatThrownBy(() -> bus.subscriptions().fastForward("t")).isInstanceOf(InvalidSubscriptionException.class);
		assertThat(cursors("s").get(0).position()).isZero();
	}

}
