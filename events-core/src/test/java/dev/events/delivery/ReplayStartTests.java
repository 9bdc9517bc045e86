package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.events.Event;
import dev.events.Replay;
import dev.events.ReplayInfo.State;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import dev.events.store.PartitionId;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Moments at which a worker takes up a replay: later than it was asked for, after a
 * change of partitions, with a subscriber that no longer takes replays.
 */
class ReplayStartTests extends ReplayTest {

	@Test
	void whatCameLiveBeforeANodeHeardOfTheReplayComesAgainBehindIt() throws InterruptedException {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 5);
		publish(bus, "z", 1, 1);
		awaitHandled(6);
		AtomicBoolean unheard = new AtomicBoolean(true);
		this.store.hook = (method, args, call) -> (method.equals("Replays.active") && unheard.get()) ? List.of()
				: call.call();
		Replay replay = bus.replay().subscriber("s").start();
		publish(bus, "k", 6, 7);
		publish(bus, "x", 1, 1);
		awaitReceived("k7", "x1");
		unheard.set(false);
		awaitCompleted(replay);
		publish(bus, "k", 8, 8);
		awaitReceived("k8");
		// else the last that the handler hears of the key would be the old event 5
		assertThat(of("k")).isEqualTo(joined(joined(numbers("k", 1, 7), numbers("rk", 1, 7)), List.of("k8")));
		assertThat(of("x")).containsExactly("x1");
	}

	@Test
	void whatComesAgainBehindAReplayDoesNotStopIt() throws InterruptedException {
		DurableEventBus bus = bus(
				builder().delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(2)).withMaxParked(3)));
		bus.subscribe(subscriber());
		bus.start();
		publish(bus, "k", 1, 5);
		awaitHandled(5);
		AtomicBoolean unheard = new AtomicBoolean(true);
		this.store.hook = (method, args, call) -> (method.equals("Replays.active") && unheard.get()) ? List.of()
				: call.call();
		Replay replay = bus.replay().subscriber("s").start();
		publish(bus, "k", 6, 20);
		awaitReceived("k20");
		unheard.set(false);
		awaitCompleted(replay);
		awaitReceived("rk20");
		assertThat(of("k")).isEqualTo(joined(numbers("k", 1, 20), numbers("rk", 1, 20)));
	}

	@Test
	void whatWasPublishedWhileEventsWereCountedIsReplayed() throws InterruptedException {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 5);
		awaitHandled(5);
		AtomicBoolean once = new AtomicBoolean(true);
		this.store.hook = (method, args, call) -> {
			Object result = call.call();
			if (method.equals("EventLog.count") && once.getAndSet(false)) {
				publish(bus, "k", 6, 6);
				awaitReceived("k6");
			}
			return result;
		};
		Replay replay = bus.replay().subscriber("s").start();
		awaitCompleted(replay);
		awaitReceived("rk6");
		assertThat(of("k")).isEqualTo(joined(numbers("k", 1, 6), numbers("rk", 1, 6)));
		assertThat(replay.info().total()).isEqualTo(6);
	}

	@Test
	void afterAChangeOfPartitionsNothingThatWasReplayedIsReplayedAgain() throws Exception {
		String slow = keyOf(0);
		String fast = keyOf(1);
		DurableEventBus bus = bus();
		bus.subscribe(subscriber(Subscriber.to("a").id("s").partitions(2).startAt(StartPosition.BEGINNING)));
		bus.start();
		awaitOwned("s");
		publish(bus, slow, 1, 9);
		publish(bus, fast, 1, 9);
		awaitHandled(18);
		CountDownLatch registered = new CountDownLatch(1);
		this.holdUp = (what) -> {
			// so that the replay is not over before the change
			if (what.equals("r" + fast + "3")) {
				registered.await();
			}
		};
		Replay replay = bus.replay().subscriber("s").start();
		awaitReceived("r" + fast + "2");
		await().until(() -> stored().partitions().stream().mapToLong(ReplayProgress::position).max().orElse(0) >= 11);
		CountDownLatch changed = new CountDownLatch(1);
		this.store.hook = (method, args, call) -> {
			if (Thread.currentThread().getName().equals("events-replays")) {
				changed.await(30, TimeUnit.SECONDS);
			}
			return call.call();
		};
		SubscriptionRecord s = this.memory.subscriptions().find("s").orElseThrow();
		this.memory.subscriptions()
			.register(new SubscriptionRecord("s", s.patterns(), s.subscriberType(), s.config(), s.active(),
					s.organization(), s.createdFrom(), 1), StartPosition.BEGINNING);
		assertThat(stored().former()).isNotEmpty();
		registered.countDown();
		// by the node that has known the replay since before the change
		await().atMost(Duration.ofSeconds(20))
			.until(() -> stored().partitions().get(0).position() > 9 || count("r" + fast + "1") > 1);
		changed.countDown();
		awaitCompleted(replay);
		assertThat(count("r" + fast + "1")).isEqualTo(1);
		assertThat(count("r" + fast + "2")).isEqualTo(1);
	}

	@Test
	void aSubscriberThatNoLongerTakesReplaysGetsNoneThatWasBegun() throws InterruptedException {
		DurableEventBus first = started();
		publish(first, "k", 1, 20);
		awaitHandled(20);
		Replay replay = first.replay().subscriber("s").rate(1).start();
		awaitReceived("rk1");
		first.close();
		int handled = this.received.size();
		DurableEventBus second = bus();
		second.subscribe(subscriber(options().replay(false)));
		second.start();
		publish(second, "k", 21, 21);
		awaitReceived("k21");
		assertThat(replay.await(Duration.ofSeconds(10))).isTrue();
		assertThat(replay.info().state()).isEqualTo(State.CANCELLED);
		assertThat(this.received).hasSize(handled + 1);
	}

	private ReplayRecord stored() {
		return this.memory.replays().list().get(0);
	}

	private long count(String what) {
		return this.received.stream().filter(what::equals).count();
	}

	/** A key of a partition, when there are two of them. */
	private static String keyOf(int partition) {
		return Stream.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
			.filter((key) -> PartitionId.of(hash(key), 2) == partition)
			.findFirst()
			.orElseThrow();
	}

	private static int hash(String key) {
		MemoryEventStore store = new MemoryEventStore();
		try (DurableEventBus bus = DurableEventBus.builder(store).build()) {
			bus.publish(Event.of("a", "x").withKey(key));
		}
		return PartitionId.hash(store.log().read(0, 1, 1).get(0).event());
	}

}
