package dev.events.bus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.AfterDeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.EventKey;
import dev.events.EventRejectedException;
import dev.events.EventType;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import dev.events.Publication;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.SubscriptionInfo;
import dev.events.SynchronousSubscriberException;
import dev.events.delivery.DeliverySettings;
import dev.events.memory.MemoryEventStore;
import dev.events.publish.PublishSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class DurableEventBusTests {

	private static final RetryPolicy FAST = new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);

	private final MemoryEventStore store = new MemoryEventStore();

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	private final List<String> received = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private EventBusBuilder builder() {
		return DurableEventBus.builder(this.store)
			.source("test")
			.retry(FAST)
			.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(1))
				.withShutdownTimeout(Duration.ofMillis(500)));
	}

	private DurableEventBus bus(EventBusBuilder builder) {
		DurableEventBus bus = builder.build();
		this.buses.add(bus);
		return bus;
	}

	private DurableEventBus started() {
		DurableEventBus bus = bus(builder());
		bus.start();
		return bus;
	}

	@Test
	void deliversToEveryMatchingSubscriberAsTheTypeItAsksFor() {
		DurableEventBus bus = started();
		bus.subscribe(Subscriber.to(UserRegistered.class)
			.id("typed")
			.handler((event) -> this.received.add("typed " + event.data().email())));
		bus.subscribe(Subscriber.to("user.*")
			.id("plain")
			.handler((event) -> this.received.add("plain " + ((Map<?, ?>) event.data()).get("email"))));
		bus.subscribe("**", (event) -> this.received.add("runtime " + event.type()));
		bus.subscribe("order.*", (event) -> this.received.add("order"));
		bus.publish(new UserRegistered(new UUID(0, 1), "a@example.com"));
		await().untilAsserted(() -> assertThat(this.received).containsExactlyInAnyOrder("typed a@example.com",
				"plain a@example.com", "runtime user.registered"));
	}

	@Test
	void stampsSourceKeyAndCorrelation() {
		DurableEventBus bus = started();
		CompletableFuture<Event<Object>> follow = new CompletableFuture<>();
		bus.subscribe(Subscriber.to(UserRegistered.class)
			.id("first")
			.function((event, delivery) -> Event.of("mail.sent", Map.of("to", event.data().email()))));
		bus.subscribe(Subscriber.to("mail.sent").id("second").handler(follow::complete));
		Publication published = bus.from("oauth-plugin").publish(new UserRegistered(new UUID(0, 7), "b@example.com"));
		assertThat(published.isStored()).isTrue();
		assertThat(published.event().source()).isEqualTo("oauth-plugin");
		assertThat(published.event().key()).isEqualTo(new UUID(0, 7).toString());
		Event<Object> second = follow.orTimeout(10, TimeUnit.SECONDS).join();
		assertThat(second.source()).isEqualTo("test");
		assertThat(second.correlationId()).isEqualTo(published.event().correlationId());
		assertThat(second.causationId()).isEqualTo(published.event().id().toString());
	}

	@Test
	void answersMayBeFuturesCollectionsAndOptionals() {
		DurableEventBus bus = started();
		bus.subscribe(Subscriber.to("a").id("future").function((event, delivery) -> {
			CompletionStage<Object> stage = CompletableFuture
				.supplyAsync(() -> List.of(Event.of("b", 1), Event.of("b", 2)));
			return stage;
		}));
		bus.subscribe(Subscriber.to("a").id("optional").function((event, d) -> Optional.of(Event.of("b", 3))));
		bus.subscribe(Subscriber.to("a").id("other").function((event, d) -> "not an event"));
		bus.subscribe(Subscriber.to("b").id("b").handler((event) -> this.received.add("b" + event.data())));
		bus.publish(Event.of("a", Map.of()));
		await().untilAsserted(() -> assertThat(this.received).containsExactlyInAnyOrder("b1", "b2", "b3"));
	}

	@Test
	void retriesThenBuriesAndOthersGoOn() {
		DurableEventBus bus = started();
		AtomicInteger attempts = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("failing").partitions(1).handler((event) -> {
			if (event.data().equals("bad")) {
				attempts.incrementAndGet();
				throw new IllegalStateException("no way");
			}
			this.received.add("failing " + event.data());
		}));
		bus.subscribe(Subscriber.to("a").id("fine").handler((event) -> this.received.add("fine " + event.data())));
		bus.publish(Event.of("a", "bad"));
		bus.publish(Event.of("a", "good"));
		await().untilAsserted(() -> assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(1));
		assertThat(attempts).hasValue(3);
		await().untilAsserted(
				() -> assertThat(this.received).containsExactlyInAnyOrder("failing good", "fine bad", "fine good"));
		var letter = bus.deadLetters().list(Filter.all().subscription("failing").type("a"), 10, null).deadLetters();
		assertThat(letter).singleElement().satisfies((dead) -> {
			assertThat(dead.attempts()).isEqualTo(3);
			assertThat(dead.errorType()).isEqualTo(IllegalStateException.class.getName());
			assertThat(dead.errorMessage()).isEqualTo("no way");
			assertThat(dead.errorStack()).contains("DurableEventBusTests");
			assertThat(dead.event().data()).isEqualTo("\"bad\"");
		});
	}

	@Test
	void aDeadLetterCanBeEditedAndRetried() {
		DurableEventBus bus = started();
		bus.subscribe(Subscriber.to("a").id("s").handler((event) -> {
			if (event.data().equals("bad")) {
				throw new NonRetryableEventException("cannot work");
			}
			this.received.add(event.data().toString());
		}));
		bus.publish(Event.of("a", "bad"));
		await().untilAsserted(() -> assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(1));
		var dead = bus.deadLetters().list(Filter.all(), 10, null).deadLetters().get(0);
		assertThat(dead.attempts()).isEqualTo(1);
		assertThat(bus.deadLetters().retry(UUID.randomUUID())).isFalse();
		assertThat(bus.deadLetters().retry(dead.id(), "better")).isTrue();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("better"));
		await().untilAsserted(() -> assertThat(bus.stats().deadLetters()).isZero());
		assertThat(bus.history("a", 1).get(0).data()).isEqualTo("bad");
	}

	@Test
	void keepsTheOrderOfAKeyThroughRetries() {
		DurableEventBus bus = started();
		AtomicInteger failures = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).handler((event) -> {
			if (event.data().equals(1) && failures.incrementAndGet() <= 2) {
				throw new IllegalStateException("not yet");
			}
			this.received.add(event.key() + event.data());
		}));
		// together, so that the retries do not come before the other key
		bus.publishAll(java.util.stream.IntStream.rangeClosed(1, 50)
			.boxed()
			.flatMap((i) -> java.util.stream.Stream.of(Event.of("a", i).withKey("k"),
					Event.of("a", i + 100).withKey("other")))
			.toList());
		await().untilAsserted(() -> assertThat(this.received).hasSize(100));
		assertThat(this.received.stream().filter((r) -> r.startsWith("k")))
			.containsExactlyElementsOf(java.util.stream.IntStream.rangeClosed(1, 50).mapToObj((i) -> "k" + i).toList());
		assertThat(this.received.get(0)).isEqualTo("other101");
		bus.publish(Event.of("a", 51).withKey("k"));
		await().untilAsserted(() -> assertThat(this.received).endsWith("k51"));
		await().untilAsserted(() -> assertThat(bus.stats().subscriptions().get(0).parked()).isZero());
	}

	@Test
	void aDeadLetterMayHoldItsKey() {
		DurableEventBus bus = started();
		bus.subscribe(
				Subscriber.to("a").id("s").maxAttempts(1).afterDeadLetter(AfterDeadLetter.HOLD).handler((event) -> {
					if (event.data().equals("bad")) {
						throw new IllegalStateException("bad");
					}
					this.received.add(event.key() + " " + event.data());
				}));
		bus.publish(Event.of("a", "bad").withKey("k"));
		bus.publish(Event.of("a", "one").withKey("k"));
		bus.publish(Event.of("a", "bad").withKey("l"));
		bus.publish(Event.of("a", "one").withKey("l"));
		bus.publish(Event.of("a", "one").withKey("m"));
		await().untilAsserted(() -> assertThat(bus.stats().deadLetters()).isEqualTo(2));
		await().untilAsserted(() -> assertThat(this.received).containsExactly("m one"));
		var dead = bus.deadLetters().list(Filter.all(), 10, null).deadLetters();
		assertThat(dead).allMatch((letter) -> letter.holding());
		bus.deadLetters().skip(dead.get(0).id());
		await().untilAsserted(() -> assertThat(this.received).hasSize(2));
		assertThat(bus.deadLetters().discard(dead.get(1).id())).isTrue();
		await().untilAsserted(() -> assertThat(this.received).containsExactlyInAnyOrder("m one", "k one", "l one"));
		bus.publish(Event.of("a", "two").withKey("k"));
		await().untilAsserted(() -> assertThat(this.received).endsWith("k two"));
		assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(1);
	}

	@Test
	void dataThatCannotBeReadBecomesADeadLetterAtOnce() {
		DurableEventBus bus = started();
		bus.subscribe(Subscriber.to(UserRegistered.class)
			.id("s")
			.partitions(1)
			.handler((event) -> this.received.add(event.data().email())));
		bus.publish(Event.of("user.registered", Map.of("userId", "not a uuid", "email", "x")));
		bus.publish(new UserRegistered(new UUID(0, 1), "ok"));
		await().untilAsserted(() -> assertThat(this.received).containsExactly("ok"));
		await()
			.untilAsserted(() -> assertThat(bus.deadLetters().list(Filter.all(), 1, null).deadLetters()).singleElement()
				.satisfies((dead) -> assertThat(dead.errorMessage()).contains("cannot be read").contains("/userId")));
	}

	@Test
	void errorsAndHangingHandlersStopNobodyElse() throws Exception {
		DurableEventBus bus = started();
		CountDownLatch hang = new CountDownLatch(1);
		bus.subscribe(Subscriber.to("a").id("hanging").handler((event) -> hang.await()));
		bus.subscribe(Subscriber.to("a").id("error").handler((event) -> {
			throw new StackOverflowError();
		}));
		bus.subscribe(Subscriber.to("a").id("fine").handler((event) -> this.received.add("" + event.data())));
		for (int i = 0; i < 200; i++) {
			bus.publish(Event.of("a", i));
		}
		await().untilAsserted(() -> assertThat(this.received).hasSize(200));
		await().untilAsserted(() -> assertThat(bus.stats().deadLetters()).isEqualTo(200));
		hang.countDown();
	}

	@Test
	void aSaturatedExecutorLosesNothing() {
		AtomicInteger rejected = new AtomicInteger();
		DurableEventBus bus = bus(builder().workers((task) -> {
			if (rejected.incrementAndGet() % 3 != 0) {
				throw new RejectedExecutionException("full");
			}
			new Thread(task).start();
		}));
		bus.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add("" + event.data())));
		bus.start();
		for (int i = 0; i < 20; i++) {
			bus.publish(Event.of("a", i));
		}
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(this.received).hasSize(20));
	}

	@Test
	void goesOnAfterARestartWhereItWas() {
		DurableEventBus first = started();
		Subscriber<Object> subscriber = Subscriber.to("a")
			.id("s")
			.partitions(2)
			.handler((event) -> this.received.add("" + event.data()));
		first.subscribe(subscriber);
		first.publish(Event.of("a", 1).withKey("k"));
		await().untilAsserted(() -> assertThat(this.received).containsExactly("1"));
		first.stop();
		first.publish(Event.of("a", 2).withKey("k"));
		first.publish(Event.of("a", 3).withKey("k"));
		first.start();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("1", "2", "3"));
		first.close();
		DurableEventBus second = bus(builder());
		second.publish(Event.of("a", 4).withKey("k"));
		second.subscribe(subscriber);
		second.start();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("1", "2", "3", "4"));
	}

	@Test
	void aSubscriberReceivesWhatIsPublishedBeforeDeliveryBegins() {
		DurableEventBus bus = bus(builder());
		bus.publish(Event.of("a", "before it subscribed"));
		bus.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add("" + event.data())));
		bus.publish(Event.of("a", "before the start"));
		bus.start();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("before the start"));
	}

	@Test
	void aRetryComesWhenItsTimeHasComeAndNotASecondLater() {
		DurableEventBus bus = started();
		AtomicInteger attempts = new AtomicInteger();
		List<Long> times = new CopyOnWriteArrayList<>();
		bus.subscribe(Subscriber.to("a").id("s").maxAttempts(5).handler((event) -> {
			times.add(System.nanoTime());
			if (attempts.incrementAndGet() < 5) {
				throw new IllegalStateException("again");
			}
		}));
		bus.publish(Event.of("a", 1));
		await().until(() -> attempts.get() == 5);
		// one late retry may be the machine's; four in a row are ours
		long fastest = java.util.stream.IntStream.range(1, 5)
			.mapToLong((i) -> times.get(i) - times.get(i - 1))
			.min()
			.getAsLong();
		assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(800));
	}

	@Test
	void aNewSubscriberStartsAtTheHeadOrAtTheBeginning() {
		DurableEventBus bus = started();
		bus.publish(Event.of("a", "old"));
		bus.subscribe(Subscriber.to("a").id("head").handler((event) -> this.received.add("head " + event.data())));
		bus.subscribe(Subscriber.to("a")
			.id("beginning")
			.startAt(StartPosition.BEGINNING)
			.handler((event) -> this.received.add("beginning " + event.data())));
		bus.publish(Event.of("a", "new"));
		await().untilAsserted(() -> assertThat(this.received).containsExactlyInAnyOrder("head new", "beginning old",
				"beginning new"));
	}

	@Test
	void aRemovedSubscriberIsReported() {
		// longer than the machine stands still: who does not show that it lives serves
		// nothing
		DurableEventBus first = bus(builder().delivery(DeliverySettings.DEFAULT));
		first.start();
		first.subscribe(Subscriber.to("a").id("gone").handler((event) -> {
		}));
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> {
			await().until(() -> first.subscriptions().find("gone").get().state() == SubscriptionInfo.State.ACTIVE);
			first.subscriptions().delete("gone");
		}).withMessageContaining("is served by node");
		first.close();
		DurableEventBus second = started();
		second.publish(Event.of("a", 1));
		assertThat(second.subscriptions().find("gone")).get().satisfies((info) -> {
			assertThat(info.state()).isEqualTo(SubscriptionInfo.State.ABANDONED);
			assertThat(info.lag()).isEqualTo(1);
		});
		assertThat(second.subscriptions().delete("gone")).isTrue();
		assertThat(second.subscriptions().find("gone")).isEmpty();
	}

	@Test
	void synchronousSubscribersRunInOrderOfPriorityAndMayCancel() {
		DurableEventBus bus = started();
		bus.subscribe(Subscriber.to("a").id("low").synchronous().priority(1).handler((e) -> this.received.add("low")));
		bus.subscribe(Subscriber.to("a").id("high").synchronous().priority(100).function((event, delivery) -> {
			this.received.add("high");
			if (event.data().equals("bad")) {
				delivery.cancellation().cancel("not wanted");
			}
			return null;
		}));
		assertThat(bus.publish(Event.of("a", "good")).isStored()).isTrue();
		assertThat(this.received).containsExactly("high", "low");
		Publication cancelled = bus.publish(Event.of("a", "bad"));
		assertThat(cancelled.outcome()).isEqualTo(Publication.Outcome.CANCELLED);
		assertThat(cancelled.by()).isEqualTo("high");
		assertThat(cancelled.reason()).isEqualTo("not wanted");
		assertThat(this.received).containsExactly("high", "low", "high");
		assertThat(bus.history("a", 10)).hasSize(1);
		assertThat(bus.stats().cancelled()).isEqualTo(1);
		assertThat(bus.stats().subscriptions()).extracting(SubscriptionInfo::id, SubscriptionInfo::delivered)
			.containsExactly(tuple("high", 2L), tuple("low", 1L));
	}

	@Test
	void failuresOfSynchronousSubscribersAreCollected() {
		DurableEventBus bus = started();
		bus.subscribe(Subscriber.to("a").id("one").synchronous().priority(3).handler((event) -> {
			throw new IllegalStateException("1");
		}));
		bus.subscribe(Subscriber.to("a").id("two").synchronous().priority(2).handler((e) -> this.received.add("two")));
		bus.subscribe(Subscriber.to("a").id("three").synchronous().priority(1).handler((event) -> {
			throw new java.io.IOException("3");
		}));
		assertThatExceptionOfType(SynchronousSubscriberException.class).isThrownBy(() -> bus.publish(Event.of("a", 1)))
			.satisfies((ex) -> assertThat(ex.failures()).extracting("subscription").containsExactly("one", "three"));
		assertThat(this.received).containsExactly("two");
		assertThat(bus.history("a", 10)).isEmpty();
		assertThat(bus.stats().rejected()).isEqualTo(1);
	}

	@Test
	void interceptorsSeeEveryWayOfPublishing() {
		DurableEventBus bus = bus(builder().interceptors(List.of((event) -> event.withMetadata("seen", "yes"),
				(event) -> event.type().equals("drop") ? null : event, (event) -> {
					if (event.type().equals("reject")) {
						throw new EventRejectedException("no");
					}
					return event;
				})));
		bus.publish(Event.of("a", 1));
		bus.publishAll(List.of(Event.of("a", 2), Event.of("drop", 2)));
		bus.publishAsync(Event.of("a", 3)).join();
		bus.publishAndForget(Event.of("a", 4));
		await().untilAsserted(() -> assertThat(bus.history("**", 10)).hasSize(4)
			.allMatch((event) -> "yes".equals(event.metadata().get("seen"))));
		assertThat(bus.publish(Event.of("drop", 1)).outcome()).isEqualTo(Publication.Outcome.DROPPED);
		assertThatExceptionOfType(EventRejectedException.class).isThrownBy(() -> bus.publish(Event.of("reject", 1)));
		assertThat(bus.publishAsync(Event.of("reject", 1))).isCompletedExceptionally();
		assertThat(bus.stats().dropped()).isEqualTo(2);
		assertThat(bus.stats().rejected()).isEqualTo(2);
	}

	@Test
	void theSameIdIsStoredOnceAndEqualContentTwice() {
		DurableEventBus bus = started();
		Event<String> event = Event.of("a", "x");
		assertThat(bus.publish(event).outcome()).isEqualTo(Publication.Outcome.STORED);
		assertThat(bus.publish(event).outcome()).isEqualTo(Publication.Outcome.DUPLICATE);
		bus.publish(Event.of("a", "x"));
		assertThat(bus.history("a", 10)).hasSize(2);
	}

	@Test
	void badInputIsRefusedAndChangesNothing() {
		DurableEventBus bus = bus(builder().publishing(new PublishSettings(100, 10, 10, Duration.ZERO)));
		bus.start();
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> bus.publish("text"))
			.withMessageContaining("@EventType");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> bus.publish(Event.of("a", "x".repeat(200))))
			.withMessageContaining("202")
			.withMessageContaining("events.publish.max-payload-size");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> bus.publishAll(List.of(Event.of("a", 1), "text")));
		assertThat(bus.history("**", 10)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "two words", "a\nb", "é" })
	void nodeIdsThatNoStoreCouldKeepAreRefused(String nodeId) {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().nodeId(nodeId))
			.withMessageContaining("events.node-id");
		assertThatIllegalArgumentException().isThrownBy(() -> builder().nodeId("x".repeat(201)));
	}

	@Test
	void organizationSourceAndFilterDecide() {
		DurableEventBus bus = started();
		bus.subscribe(Subscriber.to("**")
			.id("acme")
			.organization("acme")
			.handler((event) -> this.received.add("acme " + event.data())));
		bus.subscribe(Subscriber.to("**").id("all").handler((event) -> this.received.add("all " + event.data())));
		bus.subscribe(Subscriber.to("**")
			.id("not-mine")
			.ignoreSources("mine")
			.where((event) -> event.data() instanceof Integer number && number > 1)
			.handler((event) -> this.received.add("not-mine " + event.data())));
		bus.publish(Event.of("a", 1).withOrganization("acme"));
		bus.publish(Event.of("a", 2).withOrganization("other"));
		bus.from("mine").publish(Event.of("a", 3));
		await().untilAsserted(() -> assertThat(this.received).containsExactlyInAnyOrder("acme 1", "all 1", "all 2",
				"all 3", "not-mine 2"));
	}

	@Test
	void duplicateIdsAndTooManySubscribersAreRefused() {
		DurableEventBus bus = bus(builder().maxSubscribersPerType(2));
		Subscription one = bus.subscribe("a", (event) -> {
		});
		bus.subscribe(Subscriber.to("a").id("s").handler((event) -> {
		}));
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> bus.subscribe("a", (event) -> {
		})).withMessageContaining("max-subscribers-per-type");
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.subscribe(Subscriber.to("b").id("s").handler((event) -> {
			})))
			.withMessageContaining("'s'");
		one.close();
		bus.subscribe("a", (event) -> {
		});
	}

	@Test
	void aClosedRuntimeSubscriptionReceivesNothingMore() {
		DurableEventBus bus = started();
		try (Subscription subscription = bus.subscribe("a", (event) -> this.received.add("" + event.data()))) {
			bus.publish(Event.of("a", 1));
			await().untilAsserted(() -> assertThat(this.received).containsExactly("1"));
			assertThat(subscription.isDurable()).isFalse();
		}
		CompletableFuture<Object> seen = new CompletableFuture<>();
		bus.subscribe("a", (event) -> seen.complete(event.data()));
		bus.publish(Event.of("a", 2));
		assertThat(seen.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(2);
		assertThat(this.received).containsExactly("1");
	}

	@Test
	void aHandlerMayCloseItsOwnSubscription() {
		DurableEventBus bus = started();
		CompletableFuture<Subscription> self = new CompletableFuture<>();
		CompletableFuture<Boolean> done = new CompletableFuture<>();
		self.complete(bus.subscribe("a", (event) -> {
			self.join().close();
			done.complete(true);
		}));
		bus.publish(Event.of("a", 1));
		assertThat(done.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
	}

	@Test
	void tooManyParkedEventsStopThePartitionUntilTheyAreDone() {
		AtomicInteger broken = new AtomicInteger(1);
		DurableEventBus bus = bus(
				builder().delivery(DeliverySettings.DEFAULT.withMaxParked(5).withLeaseDuration(Duration.ofSeconds(1)))
					.retry(new RetryPolicy(1000, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0)));
		bus.subscribe(Subscriber.to("a").id("s").partitions(1).handler((event) -> {
			if (broken.get() == 1) {
				throw new IllegalStateException("broken");
			}
			this.received.add("" + event.data());
		}));
		bus.start();
		for (int i = 0; i < 100; i++) {
			bus.publish(Event.of("a", i));
		}
		await().untilAsserted(() -> assertThat(bus.subscriptions().find("s").get()).satisfies((info) -> {
			assertThat(info.state()).isEqualTo(SubscriptionInfo.State.BLOCKED);
			assertThat(info.parked()).isEqualTo(5);
			assertThat(info.lag()).isEqualTo(95);
		}));
		broken.set(0);
		await().untilAsserted(() -> assertThat(this.received).hasSize(100).doesNotHaveDuplicates());
	}

	@Test
	void aHandlerInterruptedByShutdownLosesNoAttempt() throws Exception {
		DurableEventBus bus = started();
		CountDownLatch entered = new CountDownLatch(1);
		AtomicInteger attempts = new AtomicInteger();
		bus.subscribe(Subscriber.to("a").id("s").maxAttempts(1).function((event, delivery) -> {
			attempts.incrementAndGet();
			if (entered.getCount() > 0) {
				entered.countDown();
				new CountDownLatch(1).await();
			}
			this.received.add(event.data() + " on " + delivery.attempt());
			return null;
		}));
		bus.publish(Event.of("a", 1));
		assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
		bus.stop();
		assertThat(bus.deadLetters().count(Filter.all())).isZero();
		bus.start();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("1 on 1"));
	}

	@Test
	void aBacklogIsReadInPagesAndInOrder() {
		DurableEventBus bus = bus(builder());
		bus.subscribe(Subscriber.to("a")
			.id("slow")
			.partitions(3)
			.handler((event) -> this.received.add(event.key() + ":" + event.data())));
		bus.start();
		bus.stop();
		for (int batch = 0; batch < 200; batch++) {
			int from = batch * 100;
			bus.publishAll(java.util.stream.IntStream.range(from, from + 100)
				.mapToObj((i) -> Event.of("a", i).withKey("k" + i % 7))
				.toList());
		}
		bus.start();
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(this.received).hasSize(20_000));
		for (int key = 0; key < 7; key++) {
			String prefix = "k" + key + ":";
			List<Integer> order = this.received.stream()
				.filter((r) -> r.startsWith(prefix))
				.map((r) -> Integer.valueOf(r.substring(prefix.length())))
				.toList();
			assertThat(order).isSorted().doesNotHaveDuplicates();
		}
	}

	@EventType("user.registered")
	record UserRegistered(@EventKey UUID userId, String email) {

	}

}
