package dev.events.encryption;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import dev.events.DataSubject;
import dev.events.DeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Encrypted;
import dev.events.EncryptedEventException;
import dev.events.ErasedData;
import dev.events.Event;
import dev.events.EventPattern;
import dev.events.EventSchema;
import dev.events.EventStoreException;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.FieldType;
import dev.events.InvalidEventException;
import dev.events.Publication;
import dev.events.RetryPolicy;
import dev.events.SchemaViolationException;
import dev.events.StartPosition;
import dev.events.SubjectErasedException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.delivery.DeliverySettings;
import dev.events.delivery.HookedStore;
import dev.events.memory.MemoryEventStore;
import dev.events.publish.PublishSettings;
import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.ForwardingStore;
import dev.events.store.SubjectKeyRecord;
import dev.events.store.SubjectKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Subscribers and queries see plain text, the store never does.
 */
@Timeout(60)
class EncryptedDeliveryTests {

	private static final EncryptionRule USERS = new EncryptionRule(EventPattern.of("user.*"), List.of(), null);

	private final MemoryEventStore store = new MemoryEventStore();

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	private final List<String> received = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private static EventKey key(String id) {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) id.hashCode());
		return new EventKey(id, key);
	}

	private DurableEventBus bus(EventStore store, String keyId, EncryptionRule... rules) {
		return bus(store, keyId, (builder) -> builder, rules);
	}

	private DurableEventBus bus(EventStore store, String keyId, UnaryOperator<EventBusBuilder> options,
			EncryptionRule... rules) {
		EventBusBuilder builder = DurableEventBus.builder(store)
			.source("test")
			.retry(new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0))
			.encryption(new EncryptionSettings(EventKeyProvider.of(List.of(key(keyId)), keyId), List.of(rules),
					Duration.ZERO))
			.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(1))
				.withShutdownTimeout(Duration.ofMillis(500)));
		DurableEventBus bus = options.apply(builder).build();
		this.buses.add(bus);
		bus.start();
		return bus;
	}

	private static Event<Object> user(String email) {
		return Event.of("user.registered", (Object) Map.of("userId", "u-1", "email", email)).withKey("u-1");
	}

	private static Subscriber.Builder<Object> audit() {
		return Subscriber.to("**").id("audit").startAt(StartPosition.BEGINNING);
	}

	private void receive(Event<?> event) {
		this.received.add(event.data().toString());
	}

	private DeadLetter deadLetter(DurableEventBus bus) {
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		return bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0);
	}

	private EventRecord stored() {
		return this.store.log().query(EventCriteria.ALL, 1).get(0).event();
	}

	@Test
	void subscribersFiltersAndQueriesSeePlainText() {
		DurableEventBus bus = bus(this.store, "k1", USERS);
		bus.subscribe(Subscriber.to("user.*").synchronous().handler(this::receive));
		bus.subscribe(audit().where((event) -> event.data().toString().contains("ada@")).handler(this::receive));
		bus.publish(user("ada@example.org"));
		bus.publish(user("eve@example.org"));
		await().until(() -> bus.stats().delivered() == 3);
		assertThat(this.received).filteredOn((data) -> data.contains("ada@example.org")).hasSize(2);
		assertThat(stored().toString()).doesNotContain("@example.org");
		assertThat(bus.history("user.*", 10)).extracting((event) -> event.data().toString())
			.allMatch((data) -> data.contains("@example.org"));
	}

	@Test
	void whoAsksForTreesAsConnectorsDoSeesPlainText() {
		DurableEventBus bus = bus(this.store, "k1", USERS);
		bus.subscribe(Subscriber.to("user.*").as(JsonNode.class).id("trees").handler(this::receive));
		bus.publish(user("ada@example.org"));
		await().until(() -> !this.received.isEmpty());
		assertThat(this.received).singleElement().asString().contains("\"email\":\"ada@example.org\"");
		assertThat(stored().data()).doesNotContain("@example.org");
	}

	@Test
	void asynchronousAndScheduledEventsAreEncryptedToo() {
		DurableEventBus bus = bus(this.store, "k1", USERS);
		bus.subscribe(audit().handler(this::receive));
		bus.publishAsync(user("ada@example.org")).join();
		bus.publishIn(Duration.ofHours(1), user("eve@example.org"));
		assertThat(bus.scheduled().list(10, null).events().toString()).doesNotContain("@example");
		assertThat(this.store.schedule().list(null, 10).toString()).doesNotContain("@example");
		bus.publishIn(Duration.ofMillis(50), user("bob@example.org"));
		await().until(() -> this.received.toString().contains("bob@example.org"));
		assertThat(this.store.log().query(EventCriteria.ALL, 10).toString()).doesNotContain("@example");
	}

	@Test
	void deadLettersHoldNoPlainTextNotEvenOfMessages() {
		DurableEventBus bus = bus(this.store, "k1", USERS);
		AtomicBoolean broken = new AtomicBoolean(true);
		bus.subscribe(audit().handler((event) -> {
			if (broken.get()) {
				throw new IllegalStateException("No mail to " + event.data(),
						new IllegalArgumentException(event.data().toString()));
			}
			receive(event);
		}));
		bus.publish(user("ada@example.org"));
		DeadLetter letter = deadLetter(bus);
		assertThat(letter.toString()).doesNotContain("ada@");
		assertThat(letter.errorType()).isEqualTo(IllegalStateException.class.getName());
		assertThat(letter.errorMessage()).isNull();
		assertThat(letter.errorStack()).contains("Caused by: java.lang.IllegalArgumentException",
				"EncryptedDeliveryTests");
		broken.set(false);
		assertThat(bus.deadLetters().retry(letter.id())).isTrue();
		await().until(() -> this.received.toString().contains("ada@example.org"));
	}

	@Test
	void editedDeadLettersAreCheckedInPlainTextAndStoredAsCipherText() {
		DurableEventBus bus = bus(this.store, "k1", USERS);
		bus.schemas()
			.register(EventSchema.of("user.registered", "1.0.0")
				.field("userId", FieldType.STRING)
				.field("email", FieldType.STRING));
		AtomicBoolean broken = new AtomicBoolean(true);
		bus.subscribe(audit().handler((event) -> {
			if (broken.get() || event.data().toString().contains("ada@")) {
				throw new IllegalStateException();
			}
			receive(event);
		}));
		bus.publish(user("ada@example.org"));
		DeadLetter letter = deadLetter(bus);
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> bus.deadLetters().retry(letter.id(), Map.of("email", 7)));
		assertThat(bus.deadLetters().retry(letter.id(), Map.of("userId", "u-1", "email", "new@example.org"))).isTrue();
		// parked and buried again, now with the new data
		await().until(() -> bus.deadLetters()
			.find(letter.id())
			.filter((again) -> again.lastFailedAt().isAfter(letter.lastFailedAt()))
			.isPresent());
		DeadLetter again = bus.deadLetters().find(letter.id()).orElseThrow();
		assertThat(again.event().data()).isNotEqualTo(letter.event().data()).doesNotContain("new@");
		broken.set(false);
		bus.deadLetters().retry(letter.id());
		await().until(() -> this.received.toString().contains("new@example.org"));
	}

	@Test
	void replaysAndUpcastersWorkOnEncryptedEvents() throws InterruptedException {
		EncryptionRule fields = new EncryptionRule(EventPattern.of("user.*"), List.of("/first", "/last"), null);
		bus(this.store, "k1", fields)
			.publish(Event.of("user.registered", Map.of("first", "Ada", "last", "Lovelace", "n", 1)));
		assertThat(stored().data()).doesNotContain("Ada").contains("\"n\":1");
		EventUpcaster upcaster = EventUpcaster.of("user.registered", "1.0.0", "2.0.0",
				(data) -> data.put("name", data.remove("first").asString() + " " + data.remove("last").asString()));
		DurableEventBus bus = bus(this.store, "k1", (builder) -> builder.upcasters(List.of(upcaster)));
		bus.subscribe(audit().handler(this::receive));
		await().untilAsserted(() -> assertThat(this.received).singleElement().asString().contains("Ada Lovelace"));
		bus.replay().type("user.*").subscriber("audit").start().await(Duration.ofSeconds(20));
		assertThat(this.received).hasSize(2).allMatch((data) -> data.contains("Ada Lovelace"));
	}

	@Test
	void errorsOfReadingQuoteNothing() {
		EventUpcaster upcaster = EventUpcaster.of("user.registered", "1.0.0", "2.0.0", (data) -> {
			throw new IllegalStateException("cannot split " + data);
		});
		DurableEventBus bus = bus(this.store, "k1", (builder) -> builder.upcasters(List.of(upcaster)), USERS);
		bus.subscribe(audit().handler(this::receive));
		bus.subscribe(Subscriber.to("user.registered")
			.as(Numbers.class)
			.id("numbers")
			.startAt(StartPosition.BEGINNING)
			.handler(this::receive));
		bus.publish(user("ada@example.org"));
		bus.publish(user("eve@example.org").withVersion("2.0.0"));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 3);
		List<DeadLetter> letters = bus.deadLetters().list(Filter.all(), 3, null).deadLetters();
		assertThat(letters.toString()).doesNotContain("@example");
		assertThat(letters).extracting(DeadLetter::errorMessage)
			.allMatch((message) -> message.contains("upcaster") || message.contains("cannot be read as"));
		assertThat(letters).extracting(DeadLetter::errorMessage).anyMatch((message) -> message.contains("at /email"));
	}

	@Test
	void keysOfMapsAreDataAndNotQuotedEither() {
		DurableEventBus bus = bus(this.store, "k1", USERS);
		bus.subscribe(Subscriber.to("user.*").as(Scores.class).id("scores").handler(this::receive));
		bus.publish(Event.of("user.scored", Map.of("byEmail", Map.of("ada@example.org", "many"))));
		DeadLetter letter = deadLetter(bus);
		assertThat(letter.toString()).doesNotContain("ada@");
		assertThat(letter.errorMessage()).endsWith(" at /byEmail/*");
	}

	/** The error of a batch is kept with each of its events. */
	@Test
	void anErrorThatMayQuoteAnEncryptedEventIsKeptWithNoOtherEvent() {
		HookedStore hooked = new HookedStore(this.store);
		List<String> saved = new CopyOnWriteArrayList<>();
		hooked.hook = (method, args, call) -> {
			if (method.equals("Cursors.checkpoint")) {
				saved.add(String.valueOf(args[0]));
			}
			return call.call();
		};
		DurableEventBus bus = bus(hooked, "k1", USERS);
		bus.publish(Event.of("order.placed", 7));
		bus.publish(user("ada@example.org"));
		bus.subscribe(audit().partitions(1).batch(2).batchHandler((events) -> {
			if (events.size() == 2) {
				throw new IllegalStateException("No mail for " + events.stream().map(Event::data).toList());
			}
			events.forEach(this::receive);
		}));
		await().until(() -> this.received.size() == 2);
		await().untilAsserted(() -> assertThat(saved.toString()).contains(IllegalStateException.class.getName()));
		assertThat(saved.toString()).doesNotContain("ada@");
	}

	@Test
	void whatCannotBeDecryptedBecomesADeadLetterAtOnceWithTheReason() {
		bus(this.store, "k1", USERS).publish(user("ada@example.org"));
		DurableEventBus other = bus(this.store, "k2", USERS);
		AtomicInteger calls = new AtomicInteger();
		other.subscribe(audit().handler((event) -> {
			calls.incrementAndGet();
			receive(event);
		}));
		DeadLetter letter = deadLetter(other);
		assertThat(letter.attempts()).isEqualTo(1);
		assertThat(letter.errorType()).isEqualTo(EncryptedEventException.class.getName());
		assertThat(letter.errorMessage()).contains("there is no key 'k1'");
		assertThat(letter.errorStack()).contains("there is no key 'k1'");
		other.publish(user("eve@example.org"));
		await().until(() -> this.received.toString().contains("eve@example.org"));
		// with the key it can be retried
		other.stop();
		DurableEventBus both = bus(this.store, "k2", (builder) -> builder.encryption(new EncryptionSettings(
				EventKeyProvider.of(List.of(key("k1"), key("k2")), "k2"), List.of(USERS), Duration.ZERO)));
		both.subscribe(audit().handler(this::receive));
		assertThat(both.deadLetters().retry(letter.id())).isTrue();
		await().until(() -> this.received.toString().contains("ada@example.org"));
	}

	@Test
	void publishersCannotPretendThatSomethingIsEncrypted() {
		DurableEventBus bus = bus(this.store, "k1");
		bus.subscribe(audit().handler(this::receive));
		bus.publish(user("ada@example.org").withMetadata(EventEncryption.METADATA, "{\"format\":1}"));
		await().until(() -> this.received.toString().contains("ada@example.org"));
		assertThat(stored().metadata()).isEmpty();
	}

	@Test
	void anEventThatIsHandedOnIsEncryptedAnewIfItIsToBe() {
		DurableEventBus bus = bus(this.store, "k1", USERS);
		bus.subscribe(Subscriber.to("user.registered")
			.id("copy")
			.function((event, delivery) -> Event.of("user.copied", event.data()).withMetadata(event.metadata())));
		bus.subscribe(Subscriber.to("user.copied").id("copied").handler(this::receive));
		bus.publish(user("ada@example.org"));
		await().until(() -> this.received.toString().contains("ada@example.org"));
		assertThat(this.store.log().query(EventCriteria.ALL, 10).toString()).doesNotContain("@example");
	}

	@Test
	void theSizeLimitHoldsForTheCipherText() {
		DurableEventBus bus = bus(this.store, "k1",
				(builder) -> builder.publishing(new PublishSettings(1000, 10, 10, Duration.ZERO)), USERS);
		bus.publish(user("a".repeat(500)));
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> bus.publish(user("a".repeat(800))))
			.withMessageContaining("bytes as encrypted JSON");
		assertThat(bus.stats().rejected()).isEqualTo(1);
	}

	@Test
	void eventsAboutForgottenSubjectsArePassedOverAndCounted() throws InterruptedException {
		DurableEventBus bus = bus(this.store, "k1");
		bus.publish(new Registered("ada", "ada@example.org"));
		bus.publish(new Registered("eve", "eve@example.org"));
		bus.dataSubjects().forget("ada");
		assertThat(bus.dataSubjects().isForgotten("ada")).isTrue();
		bus.subscribe(audit().handler(this::receive));
		bus.subscribe(
				Subscriber.to(Registered.class).id("mail").startAt(StartPosition.BEGINNING).handler(this::receive));
		await().until(() -> this.received.size() == 2);
		assertThat(this.received).allMatch((data) -> data.contains("eve@example.org"));
		await().until(() -> bus.stats().erased() == 2);
		await().until(() -> bus.subscriptions().list().stream().allMatch((info) -> info.lag() == 0));
		bus.replay().type("user.*").subscriber("audit").start().await(Duration.ofSeconds(20));
		assertThat(this.received).hasSize(3);
		assertThat(bus.stats().erased()).isEqualTo(3);
		assertThat(bus.stats().failed()).isZero();
		assertThat(bus.deadLetters().count(Filter.all())).isZero();
		assertThat(bus.history("user.*", 10)).extracting(Event::data)
			.satisfiesExactly((eve) -> assertThat(eve.toString()).contains("eve@"),
					(ada) -> assertThat(ada).isSameAs(ErasedData.INSTANCE));
		assertThat(bus.query().page(10, null).events()).extracting(Event::data).contains(ErasedData.INSTANCE);
		assertThat(bus.query().stream()).extracting(Event::data).contains(ErasedData.INSTANCE);
		assertThat(bus.query().stream(Registered.class)).singleElement()
			.satisfies((event) -> assertThat(event.data().userId()).isEqualTo("eve"));
		assertThatExceptionOfType(SubjectErasedException.class)
			.isThrownBy(() -> bus.publish(new Registered("ada", "again@example.org")));
		assertThat(bus.dataSubjects().readmit("ada")).isTrue();
		assertThat(bus.publish(new Registered("ada", "again@example.org")).outcome())
			.isEqualTo(Publication.Outcome.STORED);
		await().until(() -> this.received.stream().filter((data) -> data.contains("again@")).count() == 2);
	}

	@Test
	void aRetryOfAForgottenSubjectEndsAndLetsItsKeyGoOn() {
		DurableEventBus bus = bus(this.store, "k1",
				(builder) -> builder.retry(new RetryPolicy(3, Duration.ofMillis(300), 1, Duration.ofMillis(300), 0)));
		AtomicInteger failures = new AtomicInteger();
		CountDownLatch forgotten = new CountDownLatch(1);
		bus.subscribe(audit().handler((event) -> {
			if (event.data().toString().contains("ada@")) {
				failures.incrementAndGet();
				forgotten.await();
				throw new IllegalStateException();
			}
			receive(event);
		}));
		bus.publish(Event.of(new Registered("ada", "ada@example.org")).withKey("k"));
		bus.publish(Event.of(new Registered("eve", "eve@example.org")).withKey("k"));
		await().until(() -> failures.get() == 1);
		bus.dataSubjects().forget("ada");
		forgotten.countDown();
		await().until(() -> this.received.toString().contains("eve@example.org"));
		assertThat(failures).hasValue(1);
		assertThat(bus.deadLetters().count(Filter.all())).isZero();
		assertThat(bus.stats().erased()).isEqualTo(1);
	}

	@Test
	void aStoreThatCannotGiveTheKeyCostsNoAttempt() {
		AtomicInteger refusals = new AtomicInteger(0);
		EventStore flaky = new ForwardingStore(this.store) {

			@Override
			public SubjectKeys subjectKeys() {
				return new SubjectKeys() {

					private SubjectKeys keys() {
						return EncryptedDeliveryTests.this.store.subjectKeys();
					}

					@Override
					public SubjectKeyRecord add(SubjectKeyRecord key) {
						return keys().add(key);
					}

					@Override
					public Optional<SubjectKeyRecord> find(String subject) {
						if (refusals.getAndDecrement() > 0) {
							throw new EventStoreException("down", null);
						}
						return keys().find(subject);
					}

					@Override
					public boolean erase(String subject) {
						return keys().erase(subject);
					}

					@Override
					public boolean readmit(SubjectKeyRecord key) {
						return keys().readmit(key);
					}

				};
			}

		};
		DurableEventBus bus = bus(flaky, "k1", (builder) -> builder.retry(RetryPolicy.DEFAULT));
		bus.publish(Event.of(new Registered("ada", "ada@example.org")).withKey("k"));
		bus.publish(Event.of(new Registered("eve", "eve@example.org")).withKey("k"));
		refusals.set(3);
		bus.subscribe(audit().handler(this::receive));
		await().until(() -> this.received.size() == 2);
		assertThat(this.received.get(0)).contains("ada@");
		assertThat(this.received.get(1)).contains("eve@");
		assertThat(bus.stats().failed()).isZero();
		assertThat(refusals.get()).isLessThanOrEqualTo(0);
	}

	record Numbers(String userId, int email) {

	}

	record Scores(Map<String, Integer> byEmail) {

	}

	@EventType("user.joined")
	record Registered(@DataSubject String userId, @Encrypted String email) {

	}

}
