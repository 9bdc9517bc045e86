package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.Replay;
import dev.events.ReplayInfo.State;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What tests of replays share: a subscription {@code s} that writes down what it handles,
 * a replayed event with an {@code r} in front, and fails at what it is told to.
 */
abstract class ReplayTest extends EngineTest {

	final Set<String> bad = ConcurrentHashMap.newKeySet();

	volatile HoldUp holdUp = (what) -> {
	};

	Subscriber.Builder<Object> options() {
		return Subscriber.to("a").id("s").partitions(1).startAt(StartPosition.BEGINNING);
	}

	Subscriber<Object> subscriber() {
		return subscriber(options());
	}

	Subscriber<Object> subscriber(Subscriber.Builder<Object> options) {
		return options.function((event, delivery) -> {
			String what = (delivery.isReplay() ? "r" : "") + event.data();
			this.holdUp.before(what);
			if (this.bad.contains(what)) {
				throw new IllegalStateException(what + " is bad");
			}
			this.received.add(what);
			return null;
		});
	}

	DurableEventBus started() {
		DurableEventBus bus = bus(builder().retry(FAST.withMaxAttempts(1000)));
		bus.subscribe(subscriber());
		bus.start();
		awaitOwned("s");
		return bus;
	}

	static void publish(DurableEventBus bus, String key, int from, int to) {
		List<Event<?>> events = new ArrayList<>();
		IntStream.rangeClosed(from, to).forEach((i) -> events.add(Event.of("a", key + i).withKey(key)));
		bus.publishAll(events);
	}

	void awaitHandled(int count) {
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(this.received).hasSize(count));
	}

	static void awaitCompleted(Replay replay) throws InterruptedException {
		assertThat(replay.await(Duration.ofSeconds(20))).as("%s", replay.info()).isTrue();
		assertThat(replay.info().state()).isEqualTo(State.COMPLETED);
	}

	/** What was handled of a key, in order. */
	List<String> of(String key) {
		return this.received.stream().filter((what) -> what.startsWith(key) || what.startsWith("r" + key)).toList();
	}

	static List<String> numbers(String prefix, int from, int to) {
		return IntStream.rangeClosed(from, to).mapToObj((i) -> prefix + i).toList();
	}

	static List<String> joined(List<String> first, List<String> second) {
		List<String> all = new ArrayList<>(first);
		all.addAll(second);
		return all;
	}

	/**
	 * Called before each event is handled.
	 */
	interface HoldUp {

		void before(String what) throws Exception;

	}

}
