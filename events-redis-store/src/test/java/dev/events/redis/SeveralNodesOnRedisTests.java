package dev.events.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.EventReplay;
import dev.events.EventStoreException;
import dev.events.InvalidSubscriptionException;
import dev.events.Replay;
import dev.events.ReplayInfo.State;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Three nodes over one server, while connections are cut, nodes come and go, the server
 * is killed and started again, handlers fail, and replays are started, paused and
 * cancelled: nothing that was answered is lost, live or in a replay that was completed,
 * and every key keeps its order, see {@link KeyLedger}.
 */
@Timeout(180)
class SeveralNodesOnRedisTests {

	// the common ones are few, and for those who do not wait
	private static final Executor OWN_THREAD = (task) -> new Thread(task).start();

	private static final int KEYS = 40;

	private static final DeliverySettings DELIVERY = new DeliverySettings(4, Duration.ofSeconds(2),
			Duration.ofMillis(100), Duration.ofMillis(50), 100, 10_000, Duration.ofSeconds(5), Duration.ZERO);

	private static final RetryPolicy RETRY = new RetryPolicy(1_000, Duration.ofMillis(20), 1.5, Duration.ofMillis(200),
			0.2);

	// so that a replay, for which live events wait, comes to its end
	private static final int MAX_AHEAD = 500;

	private final Map<String, KeyLedger> ledger = new ConcurrentHashMap<>();

	private final AtomicInteger handled = new AtomicInteger();

	private final AtomicIntegerArray answered = new AtomicIntegerArray(KEYS);

	private final AtomicInteger replays = new AtomicInteger();

	private final AtomicLong moments = new AtomicLong();

	private final List<Started> started = new ArrayList<>();

	// live events wait for a replay that is paused, too
	private boolean paused;

	@Test
	void nothingIsLostAndEveryKeyKeepsItsOrder() throws Exception {
		long seed = ThreadLocalRandom.current().nextLong();
		Random random = new Random(seed);
		AtomicBoolean end = new AtomicBoolean();
		try (RedisServer server = RedisServer.dedicated("--appendonly", "yes", "--appendfsync", "always")) {
			List<Node> nodes = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				nodes.add(new Node(server, "node-" + i));
			}
			DurableEventBus operator = nodes.get(0).bus;
			CompletableFuture<Void> published = CompletableFuture.runAsync(() -> publish(operator, end), OWN_THREAD);
			for (int fault = 0; fault < 30; fault++) {
				int before = this.handled.get();
				await().atMost(Duration.ofSeconds(30)).until(() -> this.paused || this.handled.get() > before + 20);
				attempt(() -> operate(operator, random));
				harm(server, nodes, random, fault);
			}
			end.set(true);
			published.get();
			nodes.forEach((node) -> start(node.bus));
			this.started.forEach(SeveralNodesOnRedisTests::awaitEnd);
			awaitNothingMissing(seed);
			// of all that was handled, so that there is enough to replay
			startReplay(operator.replay().subscriber("all"));
			this.started.forEach(SeveralNodesOnRedisTests::awaitEnd);
			awaitNothingMissing(seed);
			nodes.forEach(Node::close);
		}
		assertThat(this.ledger.values()).as("seed %d", seed).flatExtracting(KeyLedger::violations).isEmpty();
		assertThat(this.ledger.values().stream().mapToInt(KeyLedger::replayed).sum()).as("replayed, seed %d", seed)
			.isGreaterThan(100);
	}

	private void awaitNothingMissing(long seed) {
		await().atMost(Duration.ofSeconds(60))
			.ignoreExceptionsInstanceOf(EventStoreException.class)
			.untilAsserted(() -> assertThat(missing()).as("seed %d", seed).isEmpty());
	}

	/** What was answered has to be handled, and again after the start of a replay. */
	private List<String> missing() {
		List<String> missing = new ArrayList<>();
		List<Started> completed = this.started.stream()
			.filter((one) -> one.replay.info().state() == State.COMPLETED)
			.toList();
		for (int key = 0; key < KEYS; key++) {
			KeyLedger entry = ledger("k" + key);
			if (entry.highestLive() < this.answered.get(key)) {
				missing.add("k" + key + " live " + entry.highestLive() + " of " + this.answered.get(key));
			}
			for (Started one : completed) {
				List<Integer> numbers = entry.missing(one.answered[key], one.moment);
				if (!numbers.isEmpty()) {
					missing.add("k" + key + " " + numbers + " since " + one.replay.info());
				}
			}
		}
		return missing;
	}

	private static void awaitEnd(Started one) {
		await().atMost(Duration.ofSeconds(60)).ignoreExceptionsInstanceOf(EventStoreException.class).until(() -> {
			one.replay.resume();
			return one.replay.info().state().isFinal();
		});
	}

	private void operate(DurableEventBus operator, Random random) {
		Started current = this.started.isEmpty() ? null : this.started.get(this.started.size() - 1);
		if (current == null || current.replay.info().state().isFinal()) {
			this.paused = false;
			EventReplay request = operator.replay().subscriber("all");
			if (random.nextBoolean()) {
				// so slow that faults come into it
				request = request.rate(300 + random.nextInt(1000));
			}
			startReplay(request);
			return;
		}
		int what = this.paused ? 2 : random.nextInt(10);
		switch (what) {
			case 0 -> current.replay.cancel();
			case 1 -> {
				this.paused = true;
				current.replay.pause();
			}
			default -> {
				current.replay.resume();
				this.paused = false;
			}
		}
	}

	private void startReplay(EventReplay request) {
		this.replays.incrementAndGet();
		long moment = this.moments.incrementAndGet();
		int[] before = IntStream.range(0, KEYS).map(this.answered::get).toArray();
		this.started.add(new Started(request.start(), before, moment));
	}

	/** Does what may fail because the server is harmed. */
	private static void attempt(Runnable operation) {
		try {
			operation.run();
		}
		catch (EventStoreException | InvalidSubscriptionException ex) {
			// the next one comes soon
		}
	}

	private static void harm(RedisServer server, List<Node> nodes, Random random, int fault) {
		DurableEventBus bus = nodes.get(random.nextInt(nodes.size())).bus;
		if (fault % 10 == 9) {
			server.crash();
			server.start();
		}
		else if (random.nextBoolean()) {
			server.execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
		}
		else if (bus.isRunning()) {
			bus.stop();
			nodes.stream()
				.filter((node) -> !node.bus.isRunning() && node.bus != bus)
				.forEach((node) -> start(node.bus));
		}
		else {
			start(bus);
		}
		if (nodes.stream().noneMatch((node) -> node.bus.isRunning())) {
			start(bus);
		}
	}

	private static void start(DurableEventBus bus) {
		await().atMost(Duration.ofSeconds(30)).ignoreExceptionsInstanceOf(EventStoreException.class).until(() -> {
			bus.start();
			return true;
		});
	}

	/**
	 * Publishes the next number of a key, the same one again until it is answered.
	 */
	private void publish(DurableEventBus bus, AtomicBoolean end) {
		for (int i = 0; !end.get(); i++) {
			int key = i % KEYS;
			KeyLedger entry = ledger("k" + key);
			while (this.answered.get(key) > entry.highestLive() + MAX_AHEAD / KEYS && !end.get()) {
				Thread.onSpinWait();
			}
			Event<?> event = Event.of("a", this.answered.get(key) + 1).withKey("k" + key);
			while (!isPublished(bus, event)) {
				Thread.onSpinWait();
			}
			this.answered.incrementAndGet(key);
		}
	}

	private static boolean isPublished(DurableEventBus bus, Event<?> event) {
		try {
			bus.publish(event);
			return true;
		}
		catch (EventStoreException ex) {
			return false;
		}
	}

	private KeyLedger ledger(String key) {
		return this.ledger.computeIfAbsent(key, (any) -> new KeyLedger());
	}

	private void handle(Event<Object> event, boolean replay, String owner) {
		if (ThreadLocalRandom.current().nextInt(50) == 0) {
			throw new IllegalStateException("expected");
		}
		ledger(String.valueOf(event.key())).handled(((Number) event.data()).intValue(), replay, owner,
				this.replays.get(), this.moments.incrementAndGet());
		this.handled.incrementAndGet();
	}

	/**
	 * A replay that was started.
	 *
	 * @param answered how much of each key had been published then
	 * @param moment when that was
	 */
	private record Started(Replay replay, int[] answered, long moment) {

	}

	private final class Node implements AutoCloseable {

		private final RedisStoreFixture fixture;

		private final DurableEventBus bus;

		Node(RedisServer server, String id) {
			this.fixture = new RedisStoreFixture(RedisStoreFixture.configuration(server),
					new RedisEventStoreSettings("events", Duration.ofSeconds(5), EvictionCheck.FAIL, true));
			CountedClaims claims = new CountedClaims(this.fixture.store());
			this.bus = DurableEventBus.builder(claims.store()).nodeId(id).delivery(DELIVERY).retry(RETRY).build();
			this.bus
				.subscribe(Subscriber.to("a").id("all").startAt(StartPosition.BEGINNING).function((event, delivery) -> {
					handle(event, delivery.isReplay(), id + "." + claims.count());
					return null;
				}));
			this.bus.start();
		}

		@Override
		public void close() {
			this.bus.close();
			this.fixture.close();
		}

	}

}
