package dev.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import dev.events.Event;
import dev.events.EventReplay.Preview;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.Replay;
import dev.events.ReplayInfo;
import dev.events.ReplayInfo.State;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Replays: what they deliver, how they are followed and changed, what is refused.
 */
class ReplayTests extends ReplayTest {

	private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

	@Test
	void everythingIsDeliveredAgainAndProgressIsShown() throws InterruptedException {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 700);
		awaitHandled(700);
		Replay replay = bus.replay().subscriber("s").start();
		assertThat(replay.completion().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join())
			.isEqualTo(State.COMPLETED);
		assertThat(of("k")).isEqualTo(joined(numbers("k", 1, 700), numbers("rk", 1, 700)));
		ReplayInfo info = replay.info();
		assertThat(info.total()).isEqualTo(700);
		assertThat(info.done()).isEqualTo(700);
		assertThat(info.failed()).isZero();
		assertThat(info.rate()).isPositive();
		assertThat(info.remaining()).isEqualTo(Duration.ZERO);
		assertThat(info.finishedAt()).isAfterOrEqualTo(info.startedAt());
		assertThat(bus.replays().list()).extracting(ReplayInfo::id).containsExactly(replay.id());
		assertThat(bus.replays().find(replay.id()).orElseThrow().info().state()).isEqualTo(State.COMPLETED);
	}

	@Test
	void aRateIsKept() throws InterruptedException {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 60);
		awaitHandled(60);
		long begin = System.nanoTime();
		Replay replay = bus.replay().subscriber("s").rate(100).start();
		await().until(() -> replay.info().done() > 0);
		assertThat(replay.info().remaining()).isNotNull();
		awaitCompleted(replay);
		// at 100 a second, with a credit of 50 ms
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(500));
		assertThat(replay.info().limit()).isEqualTo(100);
	}

	@Test
	void afterARestartItGoesOnWhereItWas() throws InterruptedException {
		DurableEventBus first = started();
		publish(first, "k", 1, 30);
		awaitHandled(30);
		this.holdUp = (what) -> {
			if (what.equals("rk10")) {
				// until it is interrupted by the end
				new CountDownLatch(1).await();
			}
		};
		Replay replay = first.replay().subscriber("s").rate(100).start();
		awaitReceived("rk9");
		first.close();
		this.holdUp = (what) -> {
		};
		assertThat(this.received).doesNotContain("rk30");
		DurableEventBus second = started();
		publish(second, "k", 31, 31);
		Replay same = second.replays().find(replay.id()).orElseThrow();
		awaitCompleted(same);
		awaitReceived("k31");
		assertThat(of("k")).isEqualTo(joined(joined(numbers("k", 1, 30), numbers("rk", 1, 30)), List.of("k31")));
		assertThat(same.info().done()).isEqualTo(30);
	}

	@Test
	void onlyWhatMeetsTheCriteriaIsReplayed() throws InterruptedException {
		DurableEventBus bus = bus();
		bus.subscribe(subscriber(Subscriber.to("user.*", "order.**").id("s").partitions(2)));
		bus.start();
		awaitOwned("s");
		bus.publishAll(List.of(Event.of("user.created", 1).withKey("k"),
				Event.of("user.deleted", 2).withSource("crm").withOrganization("acme").withTimestamp(NOON),
				Event.of("order.placed", 3).withTimestamp(NOON.plusSeconds(1)), Event.of("other", 4)));
		awaitHandled(3);
		Preview all = bus.replay().subscriber("s").dryRun();
		assertThat(all.total()).isEqualTo(3);
		assertThat(all.byType()).containsOnlyKeys("user.created", "user.deleted", "order.placed");
		assertThat(all.last()).isEqualTo(NOON.plusSeconds(1));
		assertThat(bus.replay().subscriber("s").type("other").dryRun().total()).isZero();
		List<Replay> replays = new ArrayList<>();
		for (var request : List.of(bus.replay().type("user.*").source("crm"), bus.replay().key("k"),
				bus.replay().organization("acme"), bus.replay().from(NOON).to(NOON.plusSeconds(1)),
				bus.replay().type("order.placed"))) {
			Replay replay = request.subscriber("s").start();
			replays.add(replay);
			awaitCompleted(replay);
			this.received.add("-");
		}
		assertThat(this.received).endsWith("r2", "-", "r1", "-", "r2", "-", "r2", "-", "r3", "-");
		assertThat(bus.replays().list()).hasSize(5);
	}

	@Test
	void withoutEventsItIsCompletedAtOnce() {
		DurableEventBus bus = bus();
		bus.subscribe(subscriber());
		Replay replay = bus.replay().subscriber("s").start();
		assertThat(replay.info().state()).isEqualTo(State.COMPLETED);
		assertThat(bus.replay().subscriber("s").dryRun().first()).isNull();
	}

	@Test
	void whatLiveDeliveryHasNotHadComesLive() throws InterruptedException {
		DurableEventBus bus = bus();
		bus.subscribe(subscriber());
		publish(bus, "k", 1, 50);
		Replay replay = bus.replay().subscriber("s").start();
		bus.start();
		awaitCompleted(replay);
		awaitReceived("k50");
		assertThat(this.received.stream().filter((what) -> what.startsWith("k"))).isEqualTo(numbers("k", 1, 50));
	}

	@Test
	void batchesAreReplayedAsBatches() throws InterruptedException {
		DurableEventBus bus = bus();
		List<Integer> sizes = new CopyOnWriteArrayList<>();
		bus.subscribe(options().batch(10).batchHandler((events) -> {
			sizes.add(events.size());
			events.forEach((event) -> this.received.add("" + event.data()));
		}));
		bus.start();
		publish(bus, "k", 1, 25);
		awaitHandled(25);
		sizes.clear();
		awaitCompleted(bus.replay().subscriber("s").start());
		assertThat(this.received).isEqualTo(joined(numbers("k", 1, 25), numbers("k", 1, 25)));
		assertThat(sizes).containsExactly(10, 10, 5);
	}

	@Test
	void badInputIsRefusedAndChangesNothing() {
		DurableEventBus bus = bus();
		bus.subscribe(subscriber());
		bus.subscribe(Subscriber.to("a").id("payment").replay(false).handler((event) -> {
		}));
		bus.subscribe(Subscriber.to("a").id("cache").broadcast().handler((event) -> {
		}));
		publish(bus, "k", 1, 3);
		assertThatIllegalArgumentException().isThrownBy(() -> bus.replay().start())
			.withMessageContaining("subscriber(");
		assertThatIllegalArgumentException().isThrownBy(() -> bus.replay().subscriber("s").from(NOON).to(NOON).start())
			.withMessageContaining("is not before");
		assertThatIllegalArgumentException().isThrownBy(() -> bus.replay().rate(0)).withMessageContaining("rate is 0");
		assertThatIllegalArgumentException().isThrownBy(() -> bus.replay().rate(Double.NaN));
		assertThatThrownBy(() -> bus.replay().type("user.*x")).isInstanceOf(InvalidEventException.class);
		for (String unknown : List.of("unknown", "cache")) {
			assertThatThrownBy(() -> bus.replay().subscriber(unknown).start())
				.isInstanceOf(InvalidSubscriptionException.class)
				.hasMessageContaining("There is no subscription '" + unknown + "'");
		}
		assertThatThrownBy(() -> bus.replay().subscriber("payment").dryRun())
			.isInstanceOf(InvalidSubscriptionException.class)
			.hasMessageContaining("takes no replays");
		assertThat(bus.replays().list()).isEmpty();
		Replay replay = bus.replay().subscriber("s").start();
		assertThatThrownBy(() -> bus.replay().subscriber("s").start()).isInstanceOf(InvalidSubscriptionException.class)
			.hasMessageContaining("is active, " + replay.id());
		assertThatThrownBy(() -> bus.subscriptions().rewind("s", 0)).isInstanceOf(InvalidSubscriptionException.class)
			.hasMessageContaining("while a replay of it is active");
		assertThat(bus.replays().list()).hasSize(1);
		assertThat(cursors("s")).allMatch((cursor) -> cursor.position() == 0);
	}

	@Test
	void aReplayGoesWithItsSubscription() {
		DurableEventBus bus = bus();
		bus.subscribe(subscriber()).close();
		publish(bus, "k", 1, 3);
		Replay replay = bus.replay().subscriber("s").start();
		assertThat(bus.subscriptions().delete("s")).isTrue();
		assertThatThrownBy(replay::info).isInstanceOf(IllegalStateException.class).hasMessageContaining("not known");
		assertThatThrownBy(() -> replay.await(Duration.ofSeconds(5))).isInstanceOf(IllegalStateException.class);
		assertThat(replay.cancel()).isFalse();
	}

}
