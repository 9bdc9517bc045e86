package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.SubscriptionInfo;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Subscriptions of which every node gets every event.
 */
class BroadcastTests extends EngineTest {

	@Test
	void everyNodeGetsEveryEventFromWhenItSubscribes() {
		List<List<String>> received = List.of(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
		DurableEventBus publisher = bus();
		publisher.start();
		publisher.publish(Event.of("a", "before"));
		for (List<String> node : received) {
			DurableEventBus bus = bus();
			Subscription subscription = bus
				.subscribe(Subscriber.to("a").id("cache").broadcast().handler((event) -> node.add("" + event.data())));
			assertThat(subscription.isDurable()).isFalse();
			bus.start();
		}
		publisher.publish(Event.of("a", "one").withKey("k"));
		publisher.publish(Event.of("a", "two").withKey("k"));
		await().untilAsserted(
				() -> assertThat(received).allSatisfy((node) -> assertThat(node).containsExactly("one", "two")));
		assertThat(this.memory.subscriptions().list()).isEmpty();
	}

	@Test
	void failuresAreTriedAgainAndGivenUpInTheEnd() {
		DurableEventBus bus = bus();
		AtomicInteger attempts = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("cache").broadcast().handler((event) -> {
			if (event.data().equals("bad")) {
				attempts.incrementAndGet();
				throw new IllegalStateException("bad");
			}
			this.received.add("" + event.data());
		}));
		bus.start();
		bus.publish(Event.of("a", "bad").withKey("k"));
		bus.publish(Event.of("a", "good").withKey("k"));
		awaitReceived("good");
		assertThat(attempts).hasValue(3);
	}

	@Test
	void itIsShownAsWhatItIs() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("cache").broadcast().handler((event) -> {
		}));
		bus.start();
		assertThat(bus.stats().subscriptions()).singleElement().satisfies((info) -> {
			assertThat(info.id()).isEqualTo("cache");
			assertThat(info.durable()).isFalse();
			assertThat(info.state()).isEqualTo(SubscriptionInfo.State.ACTIVE);
		});
	}

	@Test
	void whatDoesNotGoTogetherIsRefused() {
		Subscriber.Builder<Object> broadcast = Subscriber.to("a").id("s").broadcast();
		assertRefused(() -> broadcast.startAt(StartPosition.BEGINNING).handler((event) -> {
		}), "leave out startAt");
		assertRefused(() -> Subscriber.to("a").id("s").broadcast().transactional().handler((event) -> {
		}), "transactional or broadcast");
		assertRefused(() -> Subscriber.to("a").id("s").broadcast().synchronous().handler((event) -> {
		}), "leave out broadcast or synchronous");
		assertRefused(() -> Subscriber.to("a").transactional().handler((event) -> {
		}), "needs an id");
		assertRefused(() -> Subscriber.to("a").id("s").transactional().synchronous().handler((event) -> {
		}), "publisher's transaction");
		assertRefused(() -> Subscriber.to("a").id("s").synchronous().batchHandler((events) -> {
		}), "one event at a time");
		assertRefused(() -> Subscriber.to("a").id("s").synchronous().concurrency(2).handler((event) -> {
		}), "leave out concurrency and timeout");
	}

	@Test
	void aBatchNeedsAHandlerThatTakesOne() {
		assertRefused(() -> Subscriber.to("a").id("s").batch(5).handler((event) -> {
		}), "write batchHandler(...)");
		assertRefused(() -> Subscriber.to("a").id("s").batchWait(Duration.ofSeconds(1)).handler((event) -> {
		}), "write batchHandler(...)");
	}

	private static void assertRefused(Runnable definition, String message) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(definition::run)
			.withMessageContaining(message);
	}

}
