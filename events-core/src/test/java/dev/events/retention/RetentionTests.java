package dev.events.retention;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.EventPattern;
import dev.events.EventStats;
import dev.events.EventStoreException;
import dev.events.Publication;
import dev.events.Replay;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.HookedStore;
import dev.events.memory.MemoryEventStore;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class RetentionTests {

	private static final Instant OLD = Clock.systemUTC().instant().minus(Duration.ofDays(10));

	private static final RetentionSettings QUICK = RetentionSettings.DEFAULT.withBatches(Duration.ofMillis(20), 10,
			Duration.ofMillis(1));

	private final HookedStore store = new HookedStore(new MemoryEventStore());

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	private final List<String> received = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private DurableEventBus bus(RetentionSettings settings) {
		DurableEventBus bus = DurableEventBus.builder(this.store).source("test").retention(settings).build();
		this.buses.add(bus);
		return bus;
	}

	private static RetentionRule rule(String type, Duration maxAge, Long maxCount) {
		return new RetentionRule(EventPattern.of(type), maxAge, maxCount);
	}

	private static RetentionSettings rules(RetentionRule... rules) {
		return QUICK.withRules(List.of(rules));
	}

	private static void publish(DurableEventBus bus, String type, Instant timestamp, int count) {
		bus.publishAll(IntStream.range(0, count).mapToObj((i) -> Event.of(type, i).withTimestamp(timestamp)).toList());
	}

	private static List<String> types(DurableEventBus bus) {
		try (var events = bus.query().stream()) {
			return events.map(Event::type).toList();
		}
	}

	private static long count(DurableEventBus bus, String type) {
		return types(bus).stream().filter(type::equals).count();
	}

	/** A subscription that has had nothing. */
	private void subscribeUnserved(String id, boolean active) {
		this.store.subscriptions()
			.register(new SubscriptionRecord(id, List.of("**"), "handler", "{}", active, null, "code", 2),
					StartPosition.BEGINNING);
	}

	private static EventStats.Retention retention(DurableEventBus bus) {
		EventStats.Retention retention = bus.stats().retention();
		assertThat(retention).isNotNull();
		return retention;
	}

	@Test
	void everythingIsKeptByDefault() {
		DurableEventBus bus = bus(QUICK);
		publish(bus, "a", OLD, 25);
		bus.start();
		await().pollDelay(Duration.ofMillis(200)).until(() -> true);
		assertThat(types(bus)).hasSize(25);
		assertThat(bus.stats().retention()).isNull();
	}

	@Test
	void deletesWhatIsTooOldInSmallBatches() {
		AtomicInteger largest = new AtomicInteger();
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.delete")) {
				largest.accumulateAndGet(((java.util.Collection<?>) args[0]).size(), Math::max);
			}
			return call.call();
		};
		DurableEventBus bus = bus(rules(rule("**", Duration.ofDays(5), null)));
		publish(bus, "old", OLD, 1234);
		publish(bus, "new", OLD.plus(Duration.ofDays(9)), 15);
		bus.start();
		await().untilAsserted(() -> assertThat(types(bus)).hasSize(15).containsOnly("new"));
		assertThat(largest.get()).isBetween(1, 10);
		await().untilAsserted(() -> assertThat(retention(bus)).isEqualTo(new EventStats.Retention(1234, 0, null)));
	}

	@Test
	void theFirstMatchingRuleDecides() {
		DurableEventBus bus = bus(rules(rule("audit.**", null, null), rule("a.*", Duration.ofDays(20), null),
				rule("**", Duration.ofDays(5), null)));
		for (int i = 0; i < 20; i++) {
			publish(bus, "audit.x", OLD, 3);
			publish(bus, "a.x", OLD, 3);
			publish(bus, "b", OLD, 3);
		}
		publish(bus, "last", OLD, 1);
		bus.start();
		await().untilAsserted(() -> assertThat(count(bus, "b")).isZero());
		assertThat(count(bus, "audit.x")).isEqualTo(60);
		assertThat(count(bus, "a.x")).isEqualTo(60);
	}

	@Test
	void keepsTheNewestOfARuleAndAtMostATenthMore() {
		DurableEventBus bus = bus(rules(rule("a.*", null, 30L)));
		for (int i = 0; i < 100; i++) {
			publish(bus, "a." + i, OLD, 1);
			publish(bus, "b", OLD, 2);
		}
		bus.start();
		await().untilAsserted(() -> assertThat(types(bus)).hasSize(230));
		assertThat(types(bus)).contains("a.70", "a.99").doesNotContain("a.69", "a.0");
		for (int i = 100; i < 300; i++) {
			publish(bus, "a." + i, OLD, 1);
		}
		await().untilAsserted(
				() -> assertThat(types(bus).stream().filter((type) -> type.startsWith("a."))).hasSizeBetween(30, 33));
		assertThat(types(bus)).contains("a.270", "a.299");
	}

	@Test
	void whatGrowsOldLaterGoesLater() {
		Duration age = Duration.ofSeconds(2);
		DurableEventBus bus = bus(rules(rule("**", age, null)));
		Instant now = this.store.now();
		AtomicInteger tooSoon = new AtomicInteger();
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.delete") && this.store.now().isBefore(now.plus(age))) {
				tooSoon.incrementAndGet();
			}
			return call.call();
		};
		publish(bus, "a", now, 50);
		publish(bus, "b", now.plusSeconds(3600), 1);
		bus.start();
		await().untilAsserted(() -> assertThat(types(bus)).containsExactly("b"));
		assertThat(tooSoon).hasValue(0);
		publish(bus, "c", OLD, 50);
		publish(bus, "d", now.plusSeconds(3600), 1);
		await().untilAsserted(() -> assertThat(types(bus)).containsExactly("b", "d"));
	}

	@Test
	void theNewestEventStaysSoThatTheHeadDoesNotGoBack() {
		DurableEventBus bus = bus(rules(rule("**", Duration.ofDays(5), null)));
		publish(bus, "old", OLD, 20);
		bus.start();
		await().untilAsserted(() -> assertThat(types(bus)).hasSize(1));
		assertThat(this.store.log().head()).isEqualTo(20);
		publish(bus, "old", OLD, 1);
		await().untilAsserted(() -> assertThat(types(bus)).hasSize(1));
		assertThat(this.store.log().head()).isEqualTo(21);
	}

	@Test
	void nothingGoesThatASubscriptionHasNotHad() {
		DurableEventBus bus = bus(rules(rule("**", Duration.ofDays(5), null)));
		publish(bus, "old", OLD, 30);
		subscribeUnserved("behind", true);
		bus.subscribe(Subscriber.to("**")
			.id("quick")
			.startAt(StartPosition.BEGINNING)
			.handler((event) -> this.received.add(event.type())));
		bus.start();
		await().untilAsserted(() -> assertThat(retention(bus).heldBackBy()).isEqualTo("behind"));
		assertThat(retention(bus).heldBack()).isEqualTo(10);
		assertThat(types(bus)).hasSize(30);
		bus.subscriptions().delete("behind");
		await().untilAsserted(() -> assertThat(types(bus)).hasSize(1));
		await().untilAsserted(() -> assertThat(retention(bus)).isEqualTo(new EventStats.Retention(29, 0, null)));
		assertThat(this.received).hasSize(30);
	}

	/** It goes on some day, and would miss them. */
	@Test
	void aPausedSubscriptionHoldsBackToo() {
		DurableEventBus bus = bus(rules(rule("**", Duration.ofDays(5), null)));
		publish(bus, "old", OLD, 30);
		subscribeUnserved("paused", false);
		bus.start();
		await().untilAsserted(() -> assertThat(retention(bus).heldBackBy()).isEqualTo("paused"));
		assertThat(types(bus)).hasSize(30);
	}

	@Test
	void whatAReplayHasStillToDeliverStays() throws InterruptedException {
		DurableEventBus bus = bus(rules(rule("**", Duration.ofDays(5), null)));
		bus.subscribe(
				Subscriber.to("**").id("s").partitions(1).handler((event) -> this.received.add("" + event.data())));
		publish(bus, "old", OLD, 30);
		publish(bus, "new", OLD.plus(Duration.ofDays(9)), 1);
		Replay replay = bus.replay().subscriber("s").start();
		replay.pause();
		bus.start();
		await().untilAsserted(() -> assertThat(this.received).hasSize(31));
		await().untilAsserted(() -> assertThat(retention(bus).heldBackBy()).isEqualTo("s"));
		await().pollDelay(Duration.ofMillis(300)).until(() -> true);
		assertThat(types(bus)).hasSize(31);
		replay.cancel();
		await().untilAsserted(() -> assertThat(types(bus)).hasSize(1));
	}

	@Test
	void unreadEventsGoWhenThatIsWanted() {
		DurableEventBus bus = bus(rules(rule("**", Duration.ofDays(5), null)).withDeleteUnread(true));
		publish(bus, "old", OLD, 30);
		subscribeUnserved("behind", true);
		bus.start();
		await().untilAsserted(() -> assertThat(types(bus)).hasSize(1));
		assertThat(retention(bus).heldBack()).isZero();
	}

	/** Gets what is left, in order, and is not held up by what is not there. */
	@Test
	void aReaderThatLagsPassesOverWhatIsDeleted() {
		DurableEventBus bus = bus(rules(rule("old", Duration.ofDays(5), null)).withDeleteUnread(true));
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			publish(bus, "old", OLD, 5);
			publish(bus, "kept." + i, OLD, 1);
			expected.add("kept." + i);
		}
		subscribeUnserved("late", true);
		bus.start();
		await().untilAsserted(() -> assertThat(count(bus, "old")).isZero());
		bus.stop();
		DurableEventBus reader = bus(QUICK);
		reader.subscribe(
				Subscriber.to("**").id("late").partitions(1).handler((event) -> this.received.add(event.type())));
		reader.start();
		await().untilAsserted(() -> assertThat(this.received).hasSize(2000));
		assertThat(this.received).containsExactlyElementsOf(expected);
	}

	@Test
	void aDeletedIdIsStoredAgain() {
		DurableEventBus bus = bus(rules(rule("**", Duration.ofDays(5), null)));
		Event<?> event = Event.of("old", 1).withTimestamp(OLD);
		bus.publish(event);
		publish(bus, "last", OLD, 1);
		assertThat(bus.publish(event).outcome()).isEqualTo(Publication.Outcome.DUPLICATE);
		bus.start();
		await().untilAsserted(() -> assertThat(types(bus)).containsExactly("last"));
		assertThat(bus.publish(event).outcome()).isEqualTo(Publication.Outcome.STORED);
	}

	@Test
	void oneNodeDeletesAndAnotherTakesOver() {
		DurableEventBus first = bus(rules(rule("**", Duration.ofDays(5), null)));
		DurableEventBus second = bus(rules(rule("**", Duration.ofDays(5), null)));
		publish(first, "old", OLD, 30);
		first.start();
		await().untilAsserted(() -> assertThat(retention(first).deleted()).isEqualTo(29));
		second.start();
		publish(first, "old", OLD, 30);
		await().untilAsserted(() -> assertThat(retention(first).deleted()).isEqualTo(59));
		assertThat(retention(second).deleted()).isZero();
		first.close();
		publish(second, "old", OLD, 30);
		await().untilAsserted(() -> assertThat(retention(second).deleted()).isEqualTo(30));
	}

	@Test
	void anOutageDelaysIt() {
		AtomicInteger failures = new AtomicInteger(3);
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.delete") && failures.getAndDecrement() > 0) {
				throw new EventStoreException("away", null);
			}
			return call.call();
		};
		DurableEventBus bus = bus(rules(rule("**", Duration.ofDays(5), null)));
		publish(bus, "old", OLD, 30);
		bus.start();
		await().untilAsserted(() -> assertThat(types(bus)).hasSize(1));
		assertThat(failures.get()).isNegative();
	}

	/**
	 * A batch that outlasts the stop, and ends while the next run is under way. What it
	 * has seen must not count for that one, which would think that it had been past the
	 * event that is still kept.
	 */
	@Test
	void aRunThatHangsWhenItIsStoppedSharesNothingWithTheNextOne() throws Exception {
		CountDownLatch hanging = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		AtomicInteger pages = new AtomicInteger();
		AtomicReference<Thread> first = new AtomicReference<>();
		AtomicReference<Thread> begun = new AtomicReference<>();
		this.store.hook = (method, args, call) -> {
			Thread thread = Thread.currentThread();
			Object result = call.call();
			if (method.equals("EventLog.expired") && pages.incrementAndGet() == 2) {
				first.set(thread);
				hanging.countDown();
				goOn.await();
			}
			else if (method.equals("EventLog.head") && hanging.getCount() == 0) {
				begun.set(thread);
			}
			else if (method.equals("Cursors.list") && thread == begun.get() && goOn.getCount() > 0) {
				goOn.countDown();
				first.get().join();
			}
			return result;
		};
		DurableEventBus bus = bus(rules(rule("**", Duration.ofSeconds(8), null)));
		publish(bus, "young", Clock.systemUTC().instant(), 1);
		publish(bus, "old", OLD, 30);
		publish(bus, "last", OLD.plus(Duration.ofDays(3000)), 1);
		bus.start();
		assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();
		bus.stop();
		bus.start();
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(types(bus)).containsExactly("last"));
		assertThat(goOn.getCount()).isZero();
	}

	@Test
	void wrongSettingsAreRefusedSayingWhatToWrite() {
		assertThatIllegalArgumentException().isThrownBy(() -> rule("a", Duration.ofDays(-1), null))
			.withMessageContaining("max-age of 'a'");
		assertThatIllegalArgumentException().isThrownBy(() -> rule("a", null, 0L))
			.withMessageContaining("max-count of 'a'");
		assertThatIllegalArgumentException().isThrownBy(() -> QUICK.withDeleteUnread(true))
			.withMessageContaining("delete-unread");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> rules(rule("**", Duration.ofDays(1), null), rule("a", null, 5L)))
			.withMessageContaining("put it last");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RetentionSettings.DEFAULT.withBatches(Duration.ZERO, 1, Duration.ZERO))
			.withMessageContaining("interval");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RetentionSettings.DEFAULT.withBatches(Duration.ofMinutes(1), 0, Duration.ZERO))
			.withMessageContaining("batch-size");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RetentionSettings.DEFAULT.withBatches(Duration.ofMinutes(1), 1, Duration.ofMillis(-1)))
			.withMessageContaining("pause");
	}

}
