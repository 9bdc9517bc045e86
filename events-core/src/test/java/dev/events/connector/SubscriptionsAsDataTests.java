package dev.events.connector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import dev.events.RetryLaterException;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.SubscriptionDefinition;
import dev.events.SubscriptionInfo;
import dev.events.SubscriptionInfo.State;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.memory.MemoryEventStore;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Subscriptions that are data, on one node and on two.
 */
@Timeout(60)
class SubscriptionsAsDataTests {

	private static final Duration SOON = Duration.ofSeconds(15);

	private final MemoryEventStore store = new MemoryEventStore();

	private final Mailbox mailbox = new Mailbox();

	private final List<DurableEventBus> buses = new ArrayList<>();

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private DurableEventBus bus(EventConnector<?>... connectors) {
		DurableEventBus bus = DurableEventBus.builder(this.store)
			.retry(new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0))
			.delivery(DeliverySettings.DEFAULT)
			.connectors(List.of(connectors))
			.build();
		this.buses.add(bus);
		return bus;
	}

	private DurableEventBus started() {
		DurableEventBus bus = bus(this.mailbox);
		bus.start();
		return bus;
	}

	private static SubscriptionDefinition definition(String box) {
		return SubscriptionDefinition.of("mailbox", "order.*").withId("s").withConfig(Map.of("box", box));
	}

	private static void publish(DurableEventBus bus, String key, int from, int to) {
		IntStream.rangeClosed(from, to).forEach((i) -> bus.publish(Event.of("order.placed", i).withKey(key)));
	}

	private static State state(DurableEventBus bus, String id) {
		return bus.subscriptions().find(id).map(SubscriptionInfo::state).orElseThrow();
	}

	private void awaitBox(String box, Integer... expected) {
		await().atMost(SOON).untilAsserted(() -> assertThat(this.mailbox.in(box)).containsExactly(expected));
	}

	@Test
	void aCreatedOneGetsWhatIsPublishedFromThenOn() {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 2);
		SubscriptionDefinition created = bus.subscriptions().create(definition("a").withCreatedFrom("admin page"));
		publish(bus, "k", 3, 5);
		bus.publish(Event.of("user.registered", 9));
		awaitBox("a", 3, 4, 5);
		assertThat(created.partitions()).isEqualTo(4);
		assertThat(bus.subscriptions().definition("s")).contains(created);
		SubscriptionInfo info = bus.subscriptions().find("s").orElseThrow();
		assertThat(info.type()).isEqualTo("mailbox");
		assertThat(info.createdFrom()).isEqualTo("admin page");
		assertThat(info.patterns()).containsExactly("order.*");
		await().atMost(SOON).until(() -> bus.subscriptions().find("s").orElseThrow().delivered() == 3);
	}

	@Test
	void itMayBeginAtTheBeginningAndHasAnIdOfItsOwn() {
		DurableEventBus bus = started();
		publish(bus, "k", 1, 3);
		SubscriptionDefinition created = bus.subscriptions()
			.create(SubscriptionDefinition.of("mailbox", "order.placed", "order.paid")
				.withConfig(Map.of("box", "a", "delivery", Map.of("startAt", "BEGINNING"))));
		assertThat(created.id()).hasSize(36);
		awaitBox("a", 1, 2, 3);
	}

	@Test
	void itIsServedAgainAfterARestart() {
		DurableEventBus first = started();
		first.subscriptions().create(definition("a"));
		publish(first, "k", 1, 1);
		awaitBox("a", 1);
		first.close();
		publish(first, "k", 2, 2);
		started();
		awaitBox("a", 1, 2);
		assertThat(this.mailbox.open.get()).isEqualTo(1);
	}

	@Test
	void failuresAreRetriedInOrderAndBecomeDeadLetters() {
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a"));
		this.mailbox.failing.add(2);
		this.mailbox.failing.add(2);
		this.mailbox.hopeless.add(4);
		publish(bus, "k", 1, 5);
		awaitBox("a", 1, 2, 3, 5);
		assertThat(bus.deadLetters().list(Filter.all().subscription("s"), 10, null).deadLetters()).hasSize(1);
	}

	@Test
	void aReceiverCanSayWhenToTryAgain() {
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a"));
		this.mailbox.later.add(1);
		long start = System.nanoTime();
		publish(bus, "k", 1, 1);
		await().atMost(SOON).until(() -> this.mailbox.failures.get() > 0);
		this.mailbox.later.clear();
		awaitBox("a", 1);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Mailbox.LATER);
	}

	@Test
	void aPausedOneKeepsItsPlace() {
		DurableEventBus bus = started();
		DurableEventBus other = started();
		bus.subscriptions().create(definition("a"));
		publish(bus, "k", 1, 2);
		awaitBox("a", 1, 2);
		assertThat(other.subscriptions().pause("s", "maintenance")).isTrue();
		assertThat(bus.subscriptions().pause("s", "maintenance")).isFalse();
		await().atMost(SOON).until(() -> unowned("s"));
		publish(bus, "k", 3, 4);
		assertThat(state(bus, "s")).isEqualTo(State.PAUSED);
		assertThat(bus.subscriptions().find("s").orElseThrow().note()).isEqualTo("maintenance");
		assertThat(this.mailbox.in("a")).containsExactly(1, 2);
		assertThat(bus.subscriptions().resume("s")).isTrue();
		awaitBox("a", 1, 2, 3, 4);
		assertThat(bus.subscriptions().find("s").orElseThrow().note()).isNull();
	}

	private boolean unowned(String id) {
		return this.store.cursors()
			.list()
			.stream()
			.filter((cursor) -> cursor.partition().subscription().equals(id))
			.allMatch((cursor) -> cursor.owner() == null);
	}

	@Test
	void aSubscriberInTheCodeCanBePausedToo() {
		List<Integer> received = new CopyOnWriteArrayList<>();
		DurableEventBus bus = bus();
		bus.subscribe(
				Subscriber.to("order.*").as(Integer.class).id("code").handler((event) -> received.add(event.data())));
		bus.start();
		publish(bus, "k", 1, 1);
		await().atMost(SOON).until(() -> received.size() == 1);
		bus.subscriptions().pause("code");
		await().atMost(SOON).until(() -> unowned("code"));
		publish(bus, "k", 2, 2);
		assertThat(state(bus, "code")).isEqualTo(State.PAUSED);
		assertThat(bus.subscriptions().definition("code").orElseThrow().createdFrom()).isEqualTo("code");
		bus.subscriptions().resume("code");
		await().atMost(SOON).untilAsserted(() -> assertThat(received).containsExactly(1, 2));
	}

	@Test
	void changesLoseNothingAndDoubleNothing() {
		DurableEventBus bus = started();
		started();
		bus.subscriptions().create(definition("0"));
		publish(bus, "k0", 0, 0);
		awaitBox("0", 0);
		for (int i = 1; i <= 30; i++) {
			publish(bus, "k" + i % 3, i, i);
			if (i % 5 == 0) {
				String box = "" + i / 5;
				bus.subscriptions().change(definition(box).withPatterns("order.*", "never" + i));
				await().atMost(SOON).until(() -> this.mailbox.opened.contains(box));
			}
		}
		publish(bus, "k0", 33, 33);
		await().atMost(SOON).until(() -> this.mailbox.all().size() >= 32);
		assertThat(this.mailbox.all()).doesNotHaveDuplicates().hasSize(32);
		assertThat(this.mailbox.in("0")).doesNotContain(33);
		for (int key = 0; key < 3; key++) {
			int remainder = key;
			assertThat(this.mailbox.all().stream().filter((i) -> i % 3 == remainder)).isSorted();
		}
		assertThat(state(bus, "s")).isIn(State.ACTIVE, State.STARTING);
	}

	@Test
	void aDeletedOneIsGoneOnAllNodes() {
		DurableEventBus bus = started();
		DurableEventBus other = started();
		bus.subscriptions().create(definition("a"));
		await().atMost(SOON).until(() -> this.mailbox.open.get() == 2);
		assertThat(other.subscriptions().delete("s")).isTrue();
		await().atMost(SOON).until(() -> this.mailbox.open.get() == 0);
		publish(bus, "k", 1, 1);
		assertThat(bus.subscriptions().find("s")).isEmpty();
		assertThat(this.store.cursors().list()).isEmpty();
		bus.subscriptions().create(definition("b"));
		publish(bus, "k", 2, 2);
		awaitBox("b", 2);
		assertThat(this.mailbox.in("a")).isEmpty();
	}

	@Test
	void aConnectionCanSuspendItsSubscription() {
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a"));
		this.mailbox.gone.add(1);
		publish(bus, "k", 1, 2);
		await().atMost(SOON).until(() -> state(bus, "s") == State.PAUSED);
		assertThat(bus.subscriptions().find("s").orElseThrow().note()).isEqualTo("the box is gone");
		this.mailbox.gone.clear();
		bus.subscriptions().resume("s");
		awaitBox("a", 1, 2);
	}

	@Test
	void aConnectionCannotSuspendWhatItsSubscriptionHasBecome() {
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a"));
		await().atMost(SOON).until(() -> this.mailbox.contexts.size() == 1);
		bus.subscriptions().change(definition("b"));
		await().atMost(SOON).until(() -> this.mailbox.contexts.size() == 2);
		this.mailbox.contexts.get(0).suspend("box a is gone");
		assertThat(bus.subscriptions().definition("s").orElseThrow().active()).isTrue();
		publish(bus, "k", 1, 1);
		awaitBox("b", 1);
		this.mailbox.contexts.get(1).suspend("box b is gone");
		assertThat(bus.subscriptions().definition("s").orElseThrow().note()).isEqualTo("box b is gone");
	}

	@Test
	void anErrorAtTheEndOfAConnectionDoesNotStopChanges() {
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a"));
		await().atMost(SOON).until(() -> this.mailbox.open.get() == 1);
		this.mailbox.unclosable = true;
		bus.subscriptions().change(definition("b"));
		await().atMost(SOON).until(() -> this.mailbox.opened.contains("b"));
		bus.subscriptions().change(definition("c"));
		await().atMost(SOON).until(() -> this.mailbox.opened.contains("c"));
		publish(bus, "k", 1, 1);
		awaitBox("c", 1);
	}

	@Test
	void manySubscriptionsAreConnectedByFewThreads() {
		DurableEventBus bus = started();
		this.mailbox.slow = true;
		for (int i = 0; i < 100; i++) {
			bus.subscriptions()
				.create(SubscriptionDefinition.of("mailbox", "order.*")
					.withId("s" + i)
					.withPartitions(1)
					.withConfig(Map.of("box", "box" + i)));
		}
		await().atMost(SOON.multipliedBy(2)).until(() -> this.mailbox.opened.size() == 100);
		assertThat(this.mailbox.mostAtOnce.get()).isBetween(2, 16);
		await().atMost(SOON.multipliedBy(2))
			.until(() -> bus.subscriptions().list().stream().allMatch((info) -> !info.owners().isEmpty()));
		publish(bus, "k", 1, 1);
		await().atMost(SOON).until(() -> this.mailbox.all().size() == 100);
	}

	@Test
	void whatIsNotValidIsRefusedAndNotStored() {
		DurableEventBus bus = started();
		bus.subscribe(Subscriber.to("a").id("code").handler((event) -> {
		}));
		assertRefused(bus, definition("a").withConfig(Map.of()), "config.box must not be empty");
		assertRefused(bus, definition("a").withConfig(Map.of("box", "a", "bax", 1)), "config.bax is not known");
		assertRefused(bus, definition("a").withConfig(Map.of("box", "a", "size", "hunter2")), "config.size");
		assertRefused(bus, definition("a").withConfig(Map.of("box", "a", "delivery", Map.of("maxAttempts", 0))),
				"maxAttempts is 0");
		assertRefused(bus, definition("a").withConfig(Map.of("box", "a", "delivery", Map.of("max", 0))),
				"config.delivery.max is not known");
		assertRefused(bus, definition("a").withPatterns("a b"), "a b");
		assertRefused(bus, definition("a").withPatterns(), "at least one");
		assertRefused(bus, definition("a").withId("a b"), "'a b' is not a valid subscription id");
		assertRefused(bus, definition("a").withPartitions(2000), "2000 partitions");
		assertRefused(bus, definition("forbidden"), "config.box is forbidden");
		assertRefused(bus, SubscriptionDefinition.of("pigeon", "a"), "has the type 'pigeon'", "[mailbox]");
		assertRefused(bus, definition("a").withId("code"), "There is a subscription 'code' already");
		assertThat(this.store.subscriptions().list()).extracting(SubscriptionRecord::id).containsExactly("code");
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.subscriptions().change(definition("a")))
			.withMessageContaining("There is no subscription 's'");
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.subscriptions().change(definition("a").withId("code")))
			.withMessageContaining("subscriber in the code");
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.subscriptions().pause("nobody"));
	}

	private static void assertRefused(DurableEventBus bus, SubscriptionDefinition definition, String... messages) {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.subscriptions().create(definition))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(messages).doesNotContain("hunter2"));
	}

	@Test
	void aSubscriberCannotTakeTheIdOfOneThatIsData() {
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a"));
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus().subscribe(Subscriber.to("a").id("s").handler((event) -> {
			})))
			.withMessageContaining("of type 'mailbox'");
		assertThat(bus.subscriptions().definition("s").orElseThrow().type()).isEqualTo("mailbox");
	}

	@Test
	void aBrokenOneIsShownAndHarmsNobody() {
		this.store.subscriptions()
			.create(new SubscriptionRecord("broken", List.of("order.*"), "mailbox", "[1]", true, null, "sql", 2),
					StartPosition.HEAD);
		this.store.subscriptions()
			.create(new SubscriptionRecord("worse", List.of(" %"), "mailbox", "{\"box\":\"x\"}", true, null, "sql", 2),
					StartPosition.HEAD);
		this.store.subscriptions()
			.create(new SubscriptionRecord("pigeon", List.of("order.*"), "pigeon", "{}", true, null, "sql", 2),
					StartPosition.HEAD);
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a"));
		publish(bus, "k", 1, 1);
		awaitBox("a", 1);
		await().atMost(SOON)
			.until(() -> state(bus, "broken") == State.BROKEN && state(bus, "worse") == State.BROKEN
					&& state(bus, "pigeon") == State.BROKEN);
		assertThat(bus.subscriptions().find("broken").orElseThrow().note()).contains("config must be a JSON object");
		assertThat(bus.subscriptions().find("pigeon").orElseThrow().note()).contains("no connector");
		assertThat(bus.subscriptions().describe("pigeon")).isPresent();
		bus.subscriptions().change(definition("mended").withId("broken"));
		awaitBox("mended", 1);
		assertThat(bus.subscriptions().find("broken").orElseThrow().note()).isNull();
	}

	@Test
	void whatFailsToConnectIsTriedAgain() {
		this.mailbox.unreachable = true;
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a"));
		publish(bus, "k", 1, 1);
		await().atMost(SOON).until(() -> state(bus, "s") == State.BROKEN);
		assertThat(bus.subscriptions().find("s").orElseThrow().note()).doesNotContain("secret");
		this.mailbox.unreachable = false;
		awaitBox("a", 1);
		assertThat(this.mailbox.open.get()).isEqualTo(1);
	}

	@Test
	void oneWhoseIdTheCodeOfThisNodeHasIsServedWhenThatIsGone() {
		DurableEventBus bus = started();
		Subscription code = bus.subscribe(Subscriber.to("order.*").id("s").handler((event) -> {
		}));
		// as somebody may write it
		this.store.subscriptions()
			.update(new SubscriptionRecord("s", List.of("order.*"), "mailbox", "{\"box\":\"a\"}", true, null, "sql",
					4));
		await().atMost(SOON).until(() -> state(bus, "s") == State.BROKEN);
		code.close();
		publish(bus, "k", 1, 1);
		awaitBox("a", 1);
	}

	@Test
	void secretsAreNotShown() {
		DurableEventBus bus = started();
		bus.subscriptions()
			.create(definition("a").withConfig(
					Map.of("box", "a", "password", "hunter2", "further", List.of(Map.of("password", "hunter3")))));
		SubscriptionDefinition described = bus.subscriptions().describe("s").orElseThrow();
		assertThat(described.config()).containsEntry("box", "a")
			.containsEntry("password", "******")
			.containsEntry("further", List.of(Map.of("password", "******")));
		assertThat(described.toString() + bus.subscriptions().definition("s") + this.store.subscriptions().list())
			.doesNotContain("hunter");
		await().atMost(SOON).until(() -> bus.subscriptions().details("s").equals(Map.of("box", "a")));
	}

	@Test
	void replaysCanBeRefused() {
		DurableEventBus bus = started();
		bus.subscriptions().create(definition("a").withConfig(Map.of("box", "a", "delivery", Map.of("replay", false))));
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.replay().subscriber("s").start())
			.withMessageContaining("delivery.replay");
	}

	@Test
	void eachTypeHasOneConnector() {
		assertThatIllegalArgumentException().isThrownBy(() -> bus(this.mailbox, new Mailbox()))
			.withMessageContaining("connectors of type 'mailbox'");
	}

	/**
	 * Keeps what it gets, by the box that the configuration names.
	 */
	private static final class Mailbox implements EventConnector<Mailbox.Config> {

		private static final Duration LATER = Duration.ofMillis(700);

		private final Map<String, List<Integer>> boxes = new ConcurrentHashMap<>();

		private final List<Integer> everything = new CopyOnWriteArrayList<>();

		private final Set<String> opened = ConcurrentHashMap.newKeySet();

		private final AtomicInteger open = new AtomicInteger();

		private final AtomicInteger failures = new AtomicInteger();

		// each entry is one failure
		private final List<Integer> failing = new CopyOnWriteArrayList<>();

		private final Set<Integer> hopeless = ConcurrentHashMap.newKeySet();

		private final Set<Integer> later = ConcurrentHashMap.newKeySet();

		private final Set<Integer> gone = ConcurrentHashMap.newKeySet();

		private final List<ConnectorContext> contexts = new CopyOnWriteArrayList<>();

		private volatile boolean unclosable;

		private volatile boolean slow;

		private final CountDownLatch two = new CountDownLatch(2);

		private final AtomicInteger atOnce = new AtomicInteger();

		private final AtomicInteger mostAtOnce = new AtomicInteger();

		private volatile boolean unreachable;

		List<Integer> in(String box) {
			return this.boxes.getOrDefault(box, List.of());
		}

		List<Integer> all() {
			return this.everything;
		}

		@Override
		public String type() {
			return "mailbox";
		}

		@Override
		public Class<Config> configType() {
			return Config.class;
		}

		@Override
		public void validate(Config config) {
			InvalidConfigException.require(!"forbidden".equals(config.box()), "box", "is forbidden");
		}

		@Override
		public Set<String> secretFields() {
			return Set.of("password");
		}

		@Override
		public EventConnection connect(Config config, ConnectorContext context) {
			if (this.unreachable) {
				throw new IllegalStateException("secret");
			}
			if (this.slow) {
				this.mostAtOnce.accumulateAndGet(this.atOnce.incrementAndGet(), Math::max);
				awaitAnother();
				LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
				this.atOnce.decrementAndGet();
			}
			this.open.incrementAndGet();
			this.opened.add(config.box());
			this.contexts.add(context);
			return new EventConnection() {

				@Override
				public void deliver(Event<tools.jackson.databind.JsonNode> event, dev.events.Delivery delivery) {
					take(config.box(), event.data().asInt(), context);
				}

				@Override
				public Map<String, Object> details() {
					return new TreeMap<>(Map.of("box", config.box()));
				}

				@Override
				public void close() {
					Mailbox.this.open.decrementAndGet();
					if (Mailbox.this.unclosable) {
						throw new NoClassDefFoundError("a class of the client");
					}
				}

			};
		}

		/** The first one goes on when there is a second one. */
		private void awaitAnother() {
			this.two.countDown();
			try {
				this.two.await(SOON.toSeconds(), TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private void take(String box, int number, ConnectorContext context) {
			if (this.failing.remove((Object) number)) {
				this.failures.incrementAndGet();
				throw new IllegalStateException("failing");
			}
			if (this.hopeless.contains(number)) {
				throw new NonRetryableEventException("hopeless");
			}
			if (this.later.contains(number)) {
				this.failures.incrementAndGet();
				throw new RetryLaterException("later", LATER);
			}
			if (this.gone.contains(number)) {
				context.suspend("the box is gone");
				throw new RetryLaterException("gone", Duration.ofMillis(50));
			}
			this.boxes.computeIfAbsent(box, (key) -> new CopyOnWriteArrayList<>()).add(number);
			this.everything.add(number);
		}

		/** What a subscription says. */
		record Config(String box, Integer size, String password, List<Map<String, Object>> further) {

			Config {
				InvalidConfigException.require(box != null && !box.isEmpty(), "box", "must not be empty");
			}

		}

	}

}
