package dev.events.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.Aggregation;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventKey;
import dev.events.EventStats;
import dev.events.EventStoreException;
import dev.events.EventType;
import dev.events.InvalidEventException;
import dev.events.NonRetryableEventException;
import dev.events.RequestFailedException;
import dev.events.RequestTimeoutException;
import dev.events.RetryPolicy;
import dev.events.Saga;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.delivery.DeliverySettings;
import dev.events.memory.MemoryEventStore;
import dev.events.publish.PublishTransactions;
import dev.events.store.SubscriptionRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Requests and answers, on one node and on two.
 */
@Timeout(60)
class RequestTests {

	private static final Duration SOON = Duration.ofSeconds(15);

	// always waited for, and enough for an answer also when the machine stands still
	private static final Duration LONG = Duration.ofSeconds(5);

	private static final Duration SHORT = Duration.ofMillis(200);

	private final MemoryEventStore store = new MemoryEventStore();

	private final List<DurableEventBus> buses = new ArrayList<>();

	private final DurableEventBus asking = started(builder("asking"));

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private EventBusBuilder builder(String node) {
		return DurableEventBus.builder(this.store)
			.nodeId(node)
			.retry(new RetryPolicy(2, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0))
			.delivery(DeliverySettings.DEFAULT.withShutdownTimeout(Duration.ofMillis(500)));
	}

	private DurableEventBus started(EventBusBuilder builder) {
		DurableEventBus bus = builder.build();
		this.buses.add(bus);
		bus.start();
		return bus;
	}

	private EventStats.Requests counts() {
		return this.asking.stats().requests();
	}

	private static void answer(EventBus bus, String id) {
		bus.subscribe(Subscriber.to(PriceAsked.class)
			.id(id)
			.function((event, delivery) -> new PriceQuoted(event.data().product(), 42)));
	}

	private static Throwable failure(CompletableFuture<?> future) {
		try {
			throw new AssertionError("got " + future.get());
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void aHandlersReturnValueIsTheAnswer() {
		answer(this.asking, "prices");
		Event<PriceQuoted> answer = this.asking.request(new PriceAsked("book"), PriceQuoted.class, SOON).join();
		assertThat(answer.data()).isEqualTo(new PriceQuoted("book", 42));
		Event<Object> request = this.asking.history("price.asked", 1).get(0);
		assertThat(answer.causationId()).isEqualTo(request.id().toString());
		assertThat(answer.correlationId()).isEqualTo(request.correlationId());
		assertThat(answer.metadata()).containsEntry(RequestMark.ANSWER_NODE, "asking")
			.containsEntry(RequestMark.RESPONDER, "prices");
		assertThat(counts()).isEqualTo(new EventStats.Requests(1, 1, 0, 0, 0, 0, 0, 0));
	}

	@Test
	void theAnswerOfAnotherNodeComesToTheOneThatAsks() {
		DurableEventBus third = started(builder("third"));
		answer(started(builder("answering")), "prices");
		answer(third, "unrelated-to-the-request-of-the-other");
		for (DurableEventBus bus : List.of(this.asking, third)) {
			Event<Object> answer = bus.request(new PriceAsked("book"), SOON).join();
			assertThat(answer.data()).isEqualTo(Map.of("product", "book", "price", 42));
		}
		await().atMost(SOON).until(() -> counts().surplus() == 1);
		assertThat(counts().unknown()).isZero();
	}

	@Test
	void aSynchronousSubscriberAnswersToo() {
		this.asking.subscribe(Subscriber.to("ping").synchronous().function((event, delivery) -> {
			assertThat(delivery.isRequest()).isTrue();
			return Event.of("pong", event.data());
		}));
		assertThat(this.asking.request(Event.of("ping", 7), SOON).join().data()).isEqualTo(7);
	}

	@Test
	void handlersSeeThatSomebodyWaits() {
		List<Boolean> seen = new ArrayList<>();
		this.asking.subscribe(Subscriber.to("ping").id("pong").function((event, delivery) -> {
			seen.add(delivery.isRequest());
			return Event.of("pong", 1);
		}));
		this.asking.publish(Event.of("ping", 1).withKey("k"));
		this.asking.request(Event.of("ping", 2).withKey("k"), SOON).join();
		assertThat(seen).containsExactly(false, true);
		assertThat(this.asking.query().type("pong").list(10).get(0).metadata()).isEmpty();
	}

	@Test
	void anEventThatTakesOverTheMetadataOfARequestIsNone() {
		this.asking.subscribe(Subscriber.to("ping")
			.id("forward")
			.function((event, delivery) -> Event.of("forwarded", 1).withMetadata(event.metadata())));
		List<Delivery> deliveries = new ArrayList<>();
		this.asking.subscribe(Subscriber.to("forwarded").id("s").function((event, delivery) -> {
			assertThat(delivery.isRequest()).isFalse();
			deliveries.add(delivery);
			return Event.of("second", 1);
		}));
		assertThat(this.asking.request(Event.of("ping", 1), SOON).join().type()).isEqualTo("forwarded");
		await().atMost(SOON).until(() -> this.asking.history("second", 1).size() == 1);
		assertThat(deliveries).hasSize(1);
		assertThat(counts().surplus()).isZero();
	}

	@Test
	void onlyTheTypeThatIsAskedForIsAnAnswer() {
		CountDownLatch audited = new CountDownLatch(1);
		this.asking.subscribe(Subscriber.to("price.asked").id("audit").function((event, delivery) -> {
			audited.countDown();
			return Event.of("audited", "yes");
		}));
		this.asking.subscribe(Subscriber.to(PriceAsked.class).id("prices").function((event, delivery) -> {
			audited.await();
			await().atMost(SOON).until(() -> this.asking.history("audited", 1).size() == 1);
			return new PriceQuoted("book", 1);
		}));
		assertThat(this.asking.request(new PriceAsked("book"), PriceQuoted.class, SOON).join().data().price())
			.isEqualTo(1);
		await().atMost(SOON).until(() -> counts().surplus() == 1);
	}

	@Test
	void severalRespondersAreWaitedFor() {
		answer(this.asking, "a");
		answer(started(builder("answering")), "b");
		answer(this.asking, "c");
		List<Event<PriceQuoted>> answers = this.asking.request(new PriceAsked("book"))
			.as(PriceQuoted.class)
			.within(SOON)
			.all(3)
			.join();
		assertThat(answers).extracting((event) -> event.metadata().get(RequestMark.RESPONDER))
			.containsExactlyInAnyOrder("a", "b", "c");
	}

	@Test
	void asManyAsComeInTimeAreBetterThanNone() {
		answer(this.asking, "a");
		CompletableFuture<List<Event<Object>>> two = this.asking.request(new PriceAsked("book")).within(LONG).all(2);
		CompletableFuture<List<Event<Object>>> any = this.asking.request(new PriceAsked("book")).within(LONG).all();
		assertThat(two.join()).hasSize(1);
		assertThat(any.join()).hasSize(1);
		assertThat(this.asking.request(Event.of("nobody", 1)).within(SHORT).all().join()).isEmpty();
		assertThat(counts()).isEqualTo(new EventStats.Requests(3, 1, 2, 0, 0, 0, 0, 0));
	}

	@Test
	void aResponderThatAnswersAgainCountsOnce() {
		CompletableFuture<List<Event<Object>>> both = this.asking.request(Event.of("ping", 1)).within(LONG).all(3);
		Event<?> request = this.asking.history("ping", 1).get(0);
		for (int i = 0; i < 2; i++) {
			RequestMark.answers(List.of(Event.of("pong", 1), Event.of("pong", 2)), request, "twice")
				.forEach(this.asking::publish);
		}
		assertThat(both.join()).extracting(Event::data).containsExactly(1, 2);
		assertThat(counts().surplus()).isEqualTo(2);
	}

	@Test
	void everyNodeOfABroadcastSubscriptionAnswers() {
		for (DurableEventBus bus : List.of(this.asking, started(builder("answering")))) {
			bus.subscribe(Subscriber.to("ping")
				.id("nodes")
				.broadcast()
				.function((event, delivery) -> Event.of("pong", delivery.subscription())));
		}
		assertThat(this.asking.request(Event.of("ping", 1)).within(SOON).all(2).join())
			.extracting((event) -> event.metadata().get(RequestMark.RESPONDER))
			.containsExactlyInAnyOrder("nodes@asking", "nodes@answering");
	}

	@Test
	void whoWaitsInVainIsToldWhatIsKnown() {
		assertThat(failure(this.asking.request(Event.of("ping", 1), SHORT))).isInstanceOf(RequestTimeoutException.class)
			.hasMessageContaining("No answer to Event[ping")
			.hasMessageContaining("within 200 ms; neither this node nor the store knows a subscription that takes it");
		this.asking.subscribe(Subscriber.to("ping").id("mute").handler((event) -> {
		}));
		assertThat(failure(this.asking.request(Event.of("ping", 1), SHORT)))
			.hasMessageContaining("a subscriber may still handle it, or try it again");
		assertThat(counts()).isEqualTo(new EventStats.Requests(2, 0, 2, 0, 0, 0, 0, 0));
	}

	@Test
	void aLateAnswerIsCountedAndAnEventLikeAnyOther() {
		CountDownLatch over = new CountDownLatch(1);
		this.asking.subscribe(Subscriber.to("ping").id("slow").function((event, delivery) -> {
			over.await();
			return Event.of("pong", 1);
		}));
		assertThat(failure(this.asking.request(Event.of("ping", 1), SHORT)))
			.isInstanceOf(RequestTimeoutException.class);
		over.countDown();
		await().atMost(SOON).until(() -> counts().late() == 1);
		assertThat(this.asking.history("pong", 1)).hasSize(1);
	}

	@Test
	void anAnswerToARequestOfALifeBeforeIsUnknown() {
		this.asking.request(Event.of("ping", 1), SHORT);
		Event<?> request = this.asking.history("ping", 1).get(0);
		this.asking.close();
		DurableEventBus again = started(builder("asking"));
		CompletableFuture<Event<Object>> other = again.request(Event.of("other", 1), SOON.multipliedBy(2));
		RequestMark.answers(List.of(Event.of("pong", 1)), request, "s").forEach(again::publish);
		await().atMost(SOON).until(() -> again.stats().requests().unknown() == 1);
		assertThat(other).isNotDone();
	}

	@Test
	void whoKnowsTheIdButNotTheSecretCannotAnswer() {
		CompletableFuture<Event<Object>> future = this.asking.request(Event.of("ping", 1), SOON.multipliedBy(2));
		Event<?> request = this.asking.history("ping", 1).get(0);
		this.asking.publish(Event.of("pong", 1)
			.withCausationId(request.id().toString())
			.withMetadata(Map.of(RequestMark.ANSWER_NODE, "asking", RequestMark.ANSWERED,
					request.id() + "/" + UUID.randomUUID(), RequestMark.RESPONDER, "thief")));
		await().atMost(SOON).until(() -> counts().unknown() == 1);
		assertThat(future).isNotDone();
	}

	@Test
	void anotherOrganizationCannotAnswer() {
		this.asking.subscribe(Subscriber.to("ping")
			.id("confused")
			.function((event, delivery) -> List.of(Event.of("pong", "theirs").withOrganization("other"),
					Event.of("pong", "ours").withOrganization("acme"))));
		assertThat(this.asking.request(Event.of("ping", 1).withOrganization("acme"), SOON).join().data())
			.isEqualTo("ours");
		assertThat(counts().surplus()).isEqualTo(1);
	}

	@Test
	void whoWaitsHearsWhenEverybodyHasGivenUp() {
		this.asking.subscribe(Subscriber.to("**").id("audit").handler((event) -> {
		}));
		this.asking.subscribe(Subscriber.to("ping").id("a").function((event, delivery) -> {
			throw new NonRetryableEventException("secret");
		}));
		started(builder("answering")).subscribe(Subscriber.to("ping").id("b").function((event, delivery) -> {
			throw new IllegalStateException("secret");
		}));
		assertThat(failure(this.asking.request(Event.of("ping", 1), SOON)))
			.isExactlyInstanceOf(RequestFailedException.class)
			.hasMessageContaining("subscription 'a' gave it up after 1 attempts ("
					+ NonRetryableEventException.class.getName() + "), ")
			.hasMessageContaining("subscription 'b' gave it up after 2 attempts (java.lang.IllegalStateException)")
			.hasMessageNotContaining("secret");
		assertThat(counts()).isEqualTo(new EventStats.Requests(1, 0, 0, 1, 0, 0, 0, 0));
	}

	@Test
	void whatNeverAnswersIsNotWaitedFor() {
		Saga<Object> saga = Saga.named("pings", Object.class)
			.startsOn("ping", (event, context) -> event.data())
			.build();
		DurableEventBus another = started(builder("another"));
		another.sagas().register(saga);
		another.aggregations()
			.register(Aggregation.named("pings")
				.on("ping")
				.tumbling(Duration.ofMinutes(1))
				.into(Integer.class, () -> 0, (count, event) -> count + 1)
				.publishAs("pinged", (count, window) -> count));
		another.subscribe(Subscriber.to("ping").id("elsewhere").handler((event) -> {
		}));
		this.asking.sagas()
			.register(
					Saga.named("more-pings", Object.class).startsOn("ping", (event, context) -> event.data()).build());
		this.asking.subscribe(Subscriber.to("ping").id("a").function((event, delivery) -> {
			throw new NonRetryableEventException("no");
		}));
		assertThat(failure(this.asking.request(Event.of("ping", 1), SOON)))
			.isExactlyInstanceOf(RequestFailedException.class)
			.hasMessageContaining("subscription 'a' gave it up after 1 attempts");
	}

	@Test
	void oneThatHasGivenUpDoesNotHinderOthers() {
		this.asking.subscribe(Subscriber.to("ping").id("a").function((event, delivery) -> {
			throw new NonRetryableEventException("no");
		}));
		this.asking.subscribe(Subscriber.to("ping").id("b").function((event, delivery) -> {
			await().atMost(SOON).until(() -> this.asking.history(RequestMark.GIVEN_UP, 1).size() == 1);
			return Event.of("pong", 1);
		}));
		assertThat(this.asking.request(Event.of("ping", 1), SOON).join().data()).isEqualTo(1);
	}

	@Test
	void whatNobodyStoresIsNotWaitedFor() {
		this.asking.subscribe(Subscriber.to("ping").id("guard").synchronous().function((event, delivery) -> {
			delivery.cancellation().cancel("not today");
			return null;
		}));
		assertThat(failure(this.asking.request(Event.of("ping", 1), SOON)))
			.isExactlyInstanceOf(RequestFailedException.class)
			.hasMessageContaining("it was cancelled by guard: not today");
		Event<?> twice = Event.of("once", 1);
		this.asking.publish(twice);
		assertThat(failure(this.asking.request(twice, SOON))).hasMessageContaining("was published before");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> this.asking.request(Event.of("bad", new Object() {

				public Object getSelf() {
					return this;
				}

			}), SOON));
		assertThat(counts().pending()).isZero();
	}

	@Test
	void aRowThatWasBrokenByHandHarmsNoRequest() {
		this.store.subscriptions()
			.register(new SubscriptionRecord("broken", List.of("a..b"), "log", "{}", true, null, "hand", 4),
					StartPosition.HEAD);
		answer(this.asking, "prices");
		assertThat(this.asking.request(new PriceAsked("book"), PriceQuoted.class, SOON).join().data().price())
			.isEqualTo(42);
	}

	@Test
	void anAnswerThatCannotBeReadFailsTheRequest() {
		answer(this.asking, "prices");
		assertThat(failure(this.asking.request(new PriceAsked("book"), Integer.class, SOON)))
			.isExactlyInstanceOf(RequestFailedException.class)
			.hasMessageContaining("cannot be read")
			.hasCauseInstanceOf(InvalidEventException.class);
	}

	@Test
	void noMoreThanSoManyWait() {
		DurableEventBus bus = started(builder("small").requests(new RequestSettings(SOON, 2)));
		CompletableFuture<Event<Object>> first = bus.request(Event.of("ping", 1)).first();
		bus.request(Event.of("ping", 2)).first();
		assertThat(failure(bus.request(Event.of("ping", 3)).first()))
			.hasMessageContaining("2 requests of this node wait for answers already")
			.hasMessageContaining("events.request.max-pending");
		assertThat(bus.history("ping", 10)).hasSize(2);
		first.cancel(true);
		assertThat(bus.stats().requests().pending()).isEqualTo(1);
		assertThat(bus.request(Event.of("ping", 4)).first()).isNotDone();
	}

	@Test
	void nothingIsKeptOfWhatHasEnded() throws Exception {
		answer(this.asking, "prices");
		for (int i = 0; i < 100; i++) {
			this.asking.request(new PriceAsked("book"), PriceQuoted.class, SOON).get();
			this.asking.request(Event.of("nobody", 1), Duration.ofHours(1)).cancel(false);
		}
		assertThat(counts().pending()).isZero();
		Object requests = field(this.asking, "requests");
		assertThat(((java.util.concurrent.ScheduledThreadPoolExecutor) field(requests, "alarms")).getQueue()).isEmpty();
	}

	private static Object field(Object owner, String name) throws Exception {
		java.lang.reflect.Field field = owner.getClass().getDeclaredField(name);
		field.setAccessible(true);
		return field.get(owner);
	}

	@Test
	void whoWaitsHearsThatTheNodeStops() {
		CompletableFuture<Event<Object>> future = this.asking.request(Event.of("ping", 1), SOON);
		this.asking.stop();
		assertThat(failure(future)).isExactlyInstanceOf(RequestFailedException.class)
			.hasMessageContaining("This node stops");
		assertThatIllegalStateException().isThrownBy(() -> this.asking.request(Event.of("ping", 1), SOON))
			.withMessageContaining("does not deliver");
		assertThat(this.asking.history("ping", 10)).hasSize(1);
		this.asking.start();
		answer(this.asking, "prices");
		assertThat(this.asking.request(new PriceAsked("book"), PriceQuoted.class, SOON).join().data().price())
			.isEqualTo(42);
	}

	@Test
	void aHandlerMayAskAndWait() {
		answer(this.asking, "prices");
		this.asking.subscribe(Subscriber.to("outer").id("outer").function((event, delivery) -> {
			PriceQuoted price = this.asking.request(new PriceAsked("book"), PriceQuoted.class, SOON).get().data();
			return Event.of("outer.done", price.price());
		}));
		Event<Object> answer = this.asking.request(Event.of("outer", 1), SOON).join();
		assertThat(answer.data()).isEqualTo(42);
		Event<Object> inner = this.asking.history("price.asked", 1).get(0);
		assertThat(inner.correlationId()).isEqualTo(answer.correlationId());
	}

	@Test
	void whatIsAttachedToOneFutureMayWaitForAnother() {
		answer(this.asking, "prices");
		Event<PriceQuoted> second = this.asking.request(new PriceAsked("a"), PriceQuoted.class, SOON)
			.thenApply((first) -> this.asking.request(new PriceAsked("b"), PriceQuoted.class, SOON).join())
			.join();
		assertThat(second.data().product()).isEqualTo("b");
	}

	@Test
	void aReplayedRequestIsNotAnsweredAgain() {
		AtomicInteger handled = new AtomicInteger();
		this.asking.subscribe(Subscriber.to("ping").id("s").function((event, delivery) -> {
			handled.incrementAndGet();
			assertThat(delivery.isRequest()).isEqualTo(!delivery.isReplay());
			return Event.of("pong", 1);
		}));
		this.asking.request(Event.of("ping", 1), SOON).join();
		this.asking.replay().subscriber("s").start();
		await().atMost(SOON).until(() -> this.asking.history("pong", 10).size() == 2);
		assertThat(handled).hasValue(2);
		assertThat(this.asking.query().type("pong").list(10)).extracting((event) -> event.metadata().isEmpty())
			.containsExactly(false, true);
	}

	@Test
	void insideATransactionItIsRefused() {
		DurableEventBus bus = started(builder("transactional").transactions(new Active()));
		assertThatIllegalStateException().isThrownBy(() -> bus.request(Event.of("ping", 1), SOON))
			.withMessageContaining("cannot be a request in a transaction");
		assertThat(bus.history("ping", 1)).isEmpty();
	}

	@Test
	void settingsAndTimesAreChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.asking.request(Event.of("ping", 1), Duration.ZERO))
			.withMessageContaining("must be greater than 0 and at most 1h");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.asking.request(Event.of("ping", 1), Duration.ofDays(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> this.asking.request(Event.of("ping", 1)).all(0));
		assertThatIllegalArgumentException().isThrownBy(() -> new RequestSettings(Duration.ofSeconds(-1), 1))
			.withMessageContaining("timeout");
		assertThatIllegalArgumentException().isThrownBy(() -> new RequestSettings(SOON, 0))
			.withMessageContaining("max-pending");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> this.asking.request("not an event"));
		assertThat(this.asking.stats().subscriptions()).isEmpty();
	}

	@EventType("price.asked")
	record PriceAsked(@EventKey String product) {

	}

	@EventType("price.quoted")
	record PriceQuoted(String product, int price) {

	}

	private static final class Active implements PublishTransactions {

		@Override
		public boolean isActive() {
			return true;
		}

		@Override
		public void afterCompletion(Runnable onCommit, Runnable onRollback, Runnable onUnknown) {
			throw new EventStoreException("Nothing is to be published", null);
		}

		@Override
		public @Nullable Participant participant(Object key) {
			return null;
		}

		@Override
		public void enlist(Object key, Participant participant) {
			throw new EventStoreException("Nothing is to be published", null);
		}

	}

}
