package dev.events.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventBatchHandler;
import dev.events.EventReplay;
import dev.events.EventStoreException;
import dev.events.Replay;
import dev.events.ReplayInfo.State;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several nodes over one store, that are stopped, started and cut off at random, and
 * bring their subscription with another number of partitions, while events are published,
 * handlers fail, and replays are started, paused and cancelled at random. What must hold
 * is said in {@link ReplayLedger}, and: nothing is lost, live or in a replay that was
 * completed.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class SeveralNodesReplayTests {

	private static final int KEYS = 15;

	private final HookedStore store = new HookedStore(new MemoryEventStore());

	private final Takeovers takeovers = new Takeovers();

	private final DurableEventBus operator = DurableEventBus.builder(this.store).build();

	private final Map<String, ReplayLedger> ledger = new ConcurrentHashMap<>();

	private final AtomicInteger replays = new AtomicInteger();

	private final AtomicLong moments = new AtomicLong();

	private final AtomicInteger repartitions = new AtomicInteger();

	private final int[] published = new int[KEYS];

	private final List<Started> started = new ArrayList<>();

	private int maxParked;

	private int batchSize;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 6 })
	void orderIsKeptAndNothingIsLostBesideReplays(long seed) {
		Random random = new Random(seed);
		this.store.hook = this.takeovers;
		this.maxParked = (seed % 2 == 0) ? 12 : 10_000;
		this.batchSize = (seed % 3 == 0) ? 5 : 1;
		List<Node> nodes = List.of(new Node("n1"), new Node("n2"), new Node("n3"));
		nodes.forEach((node) -> node.bus.start());
		try {
			for (int round = 0; round < 40; round++) {
				disturb(nodes.get(random.nextInt(nodes.size())), random.nextInt(16), random);
				operate(random);
				publish(random);
			}
			nodes.forEach(Node::heal);
			finishReplay();
			awaitLive(seed);
			// of all that was handled live, so that there is enough to replay
			start(this.operator.replay().subscriber("s"), false);
			finishReplay();
			start(this.operator.replay().subscriber("s").rate(500), false);
			for (int round = 0; round < 8; round++) {
				publish(random);
				disturb(nodes.get(random.nextInt(nodes.size())), random.nextInt(16), random);
			}
			nodes.forEach(Node::heal);
			finishReplay();
			awaitLive(seed);
			for (int key = 0; key < KEYS; key++) {
				int expected = this.published[key];
				ReplayLedger entry = ledger("k" + key);
				await().atMost(Duration.ofSeconds(60))
					.untilAsserted(
							() -> assertThat(entry.last()).as("last, seed %d, %s", seed, entry).isEqualTo(expected));
			}
			this.started.stream().filter((one) -> one.replay.info().state() == State.COMPLETED).forEach(this::awaitAll);
		}
		finally {
			nodes.forEach((node) -> node.store.cut(false));
			nodes.forEach((node) -> node.bus.close());
		}
		List<String> violations = new ArrayList<>();
		this.ledger.values().forEach((entry) -> violations.addAll(entry.violations()));
		assertThat(violations).as("seed %d", seed).isEmpty();
		assertThat(this.started).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(2);
		assertThat(this.ledger.values().stream().mapToInt(ReplayLedger::replayed).sum()).as("replayed, seed %d", seed)
			.isGreaterThan(200);
	}

	private void awaitLive(long seed) {
		for (int key = 0; key < KEYS; key++) {
			int expected = this.published[key];
			ReplayLedger entry = ledger("k" + key);
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(
						() -> assertThat(entry.highestLive()).as("seed %d, %s", seed, entry).isEqualTo(expected));
		}
	}

	private void finishReplay() {
		for (Started one : this.started) {
			one.replay.resume();
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(one.replay.info().state().isFinal())
					.as("%s, %s, %s", this.store.replays().find(one.replay.id()), this.store.cursors().list(),
							this.store.deliveries().counts())
					.isTrue());
		}
	}

	/**
	 * All that a replay was about is handled after its start, if also as a live event.
	 */
	private void awaitAll(Started one) {
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(missing(one)).isEmpty());
	}

	private List<String> missing(Started one) {
		List<String> missing = new ArrayList<>();
		for (int key = 0; key < KEYS; key++) {
			for (int number = 1; number <= one.published[key]; number += one.oddOnly ? 2 : 1) {
				if (ledger("k" + key).lastHandled(number) < one.moment) {
					missing.add("k" + key + " " + number);
				}
			}
		}
		return missing;
	}

	private void operate(Random random) {
		Started current = this.started.isEmpty() ? null : this.started.get(this.started.size() - 1);
		boolean active = current != null && !current.replay.info().state().isFinal();
		if (!active) {
			if (random.nextInt(3) > 0) {
				start(random);
			}
			return;
		}
		switch (random.nextInt(12)) {
			case 0 -> current.replay.cancel();
			case 1 -> current.replay.pause();
			default -> current.replay.resume();
		}
	}

	private void start(Random random) {
		boolean oddOnly = random.nextInt(4) == 0;
		EventReplay request = this.operator.replay().subscriber("s");
		if (oddOnly) {
			request = request.type("odd");
		}
		if (random.nextBoolean()) {
			request = request.rate(100 + random.nextInt(2000));
		}
		start(request, oddOnly);
	}

	private void start(EventReplay request, boolean oddOnly) {
		this.replays.incrementAndGet();
		long moment = this.moments.incrementAndGet();
		this.started.add(new Started(request.start(), this.published.clone(), moment, oddOnly));
	}

	private void disturb(Node node, int what, Random random) {
		switch (what) {
			case 0 -> node.stop();
			case 1, 2, 3 -> node.start();
			case 4 -> node.cut(true);
			case 5, 6 -> node.cut(false);
			case 7 -> {
				node.unsubscribe();
				node.subscribe();
			}
			case 8 -> {
				node.unsubscribe();
				node.partitions = 3 + 2 * random.nextInt(3);
				node.subscribe();
			}
			default -> {
			}
		}
	}

	private void publish(Random random) {
		for (int i = 0; i < 10; i++) {
			List<Event<Integer>> batch = new ArrayList<>();
			for (int j = 0; j < 1 + random.nextInt(4); j++) {
				// some keys are hot
				int key = (random.nextBoolean()) ? random.nextInt(3) : random.nextInt(KEYS);
				int number = ++this.published[key];
				batch.add(Event.of((number % 2 == 0) ? "even" : "odd", number).withKey("k" + key));
			}
			this.operator.publishAll(batch);
		}
		// let some of it be handled before the next disturbance
		await().pollDelay(Duration.ofMillis(20 + random.nextInt(150))).until(() -> true);
	}

	private ReplayLedger ledger(String key) {
		return this.ledger.computeIfAbsent(key, ReplayLedger::new);
	}

	private void handle(String node, List<Event<Object>> events, boolean replay) {
		for (Event<Object> event : events) {
			int attempt = ledger(String.valueOf(event.key())).attempt((Integer) event.data());
			if (Math.floorMod(31 * event.id().hashCode() + 17 * attempt, 25 * events.size()) == 0) {
				throw new IllegalStateException("at random");
			}
		}
		for (Event<Object> event : events) {
			long moment = this.moments.incrementAndGet();
			ledger(String.valueOf(event.key())).handled((Integer) event.data(), replay, node + "/" + era(moment),
					this.replays.get(), moment);
		}
	}

	/**
	 * What is handled while the number of partitions changes may be by workers of before
	 * or after that, which do not know of each other's progress. Nor does who takes over
	 * a partition that was not given up.
	 */
	private String era(long moment) {
		int changes = this.repartitions.get();
		String era = changes + "." + this.takeovers.count();
		return (changes % 2 == 0) ? era : era + "#" + moment;
	}

	/**
	 * A replay that was started.
	 *
	 * @param published how much of each key had been published then
	 * @param moment when that was
	 */
	private record Started(Replay replay, int[] published, long moment, boolean oddOnly) {

	}

	private final class Node {

		private final CuttableStore store = new CuttableStore(SeveralNodesReplayTests.this.store);

		private final DurableEventBus bus;

		private final String id;

		private final AtomicInteger incarnation = new AtomicInteger();

		private int partitions = 3;

		private @Nullable Subscription subscription;

		Node(String id) {
			this.id = id;
			this.bus = DurableEventBus.builder(this.store)
				.nodeId(id)
				.retry(new RetryPolicy(1000, Duration.ofMillis(40), 1, Duration.ofMillis(40), 0.5))
				.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(2))
					.withMaxParked(SeveralNodesReplayTests.this.maxParked)
					.withShutdownTimeout(Duration.ofSeconds(2)))
				.build();
			subscribe();
		}

		void start() {
			cut(false);
			this.bus.start();
		}

		void stop() {
			this.bus.stop();
			this.incarnation.incrementAndGet();
		}

		void cut(boolean cut) {
			this.incarnation.incrementAndGet();
			this.store.cut(cut);
		}

		void heal() {
			start();
			subscribe();
		}

		private void handle(List<Event<Object>> events, Delivery delivery) {
			SeveralNodesReplayTests.this.handle(this.id + "." + this.incarnation, events, delivery.isReplay());
		}

		private Subscriber<Object> subscriber() {
			Subscriber.Builder<Object> subscriber = Subscriber.to("odd", "even")
				.id("s")
				.partitions(this.partitions)
				.startAt(StartPosition.BEGINNING);
			if (SeveralNodesReplayTests.this.batchSize > 1) {
				return subscriber.batch(SeveralNodesReplayTests.this.batchSize).batchHandler(new EventBatchHandler<>() {

					@Override
					public void handle(List<Event<Object>> events) {
						throw new UnsupportedOperationException();
					}

					@Override
					public void handle(List<Event<Object>> events, Delivery delivery) {
						Node.this.handle(events, delivery);
					}

				});
			}
			return subscriber.function((event, delivery) -> {
				handle(List.of(event), delivery);
				return null;
			});
		}

		void subscribe() {
			if (this.subscription != null) {
				return;
			}
			SeveralNodesReplayTests.this.repartitions.incrementAndGet();
			try {
				this.subscription = this.bus.subscribe(subscriber());
			}
			catch (EventStoreException ex) {
				// cut off: comes back with a later disturbance, or at the end
				this.subscription = null;
			}
			finally {
				SeveralNodesReplayTests.this.repartitions.incrementAndGet();
			}
		}

		void unsubscribe() {
			if (this.subscription != null) {
				this.subscription.close();
				this.subscription = null;
			}
		}

	}

}
