package dev.events.test.combination;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.events.Aggregation;
import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.Encrypted;
import dev.events.Event;
import dev.events.EventBatch;
import dev.events.EventKey;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.Saga;
import dev.events.SagaInfo;
import dev.events.Subscriber;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Encrypted events and what else there is: whoever handles them sees plain text, and what
 * is stored shows none of it.
 */
class EncryptedEventsTests {

	private static final String SECRET = "ada@example.org";

	private final List<Object> received = new ArrayList<>();

	private TestEventBus bus = Secrets.bus((options) -> {
	}, "**");

	@AfterEach
	void close() {
		this.bus.close();
	}

	private TestEventBus bus(TestEventBus other) {
		this.bus.close();
		this.bus = other;
		return other;
	}

	private static Event<Object> asked() {
		return Event.of("address.asked", (Object) Map.of("name", SECRET)).withKey("1");
	}

	@Test
	void anAnswerIsReadByWhoAsks() {
		this.bus.subscribe(Subscriber.to("address.asked")
			.id("addresses")
			.function((event, delivery) -> new AddressFound("1", event.data().toString())));
		CompletableFuture<Event<AddressFound>> one = this.bus.request(asked()).as(AddressFound.class).first();
		CompletableFuture<Event<Object>> any = this.bus.request(asked().withKey("2")).first();
		this.bus.processAll();
		assertThat(one.join().data().address()).contains(SECRET);
		assertThat(any.join().data().toString()).contains(SECRET);
	}

	@Test
	void whoAsksHearsThatThereWillBeNoAnswer() {
		this.bus.subscribe(Subscriber.to("address.asked").id("addresses").maxAttempts(1).function((event, delivery) -> {
			throw new IllegalStateException(SECRET);
		}));
		CompletableFuture<Event<Object>> answer = this.bus.request(asked()).first();
		this.bus.processAll();
		assertThat(answer).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withMessageContaining("addresses")
			.withMessageNotContaining(SECRET);
		assertThat(this.bus.dead().toString()).doesNotContain(SECRET);
	}

	@Test
	void aSagaReadsItsStateAndFailsWithoutAWord() {
		this.bus.sagas()
			.register(Saga.named("move", Move.class)
				.correlateBy(Event::key)
				.startsOn("address.asked", (event, saga) -> new Move(event.data().toString()))
				.on("move.failed", (state, event, saga) -> {
					throw new IllegalStateException(state.address());
				})
				.on("move.done", (state, event, saga) -> {
					saga.publish(new AddressFound("1", state.address()));
					return state;
				})
				.build());
		this.bus.publish(asked());
		this.bus.publish(Event.of("move.failed", Map.of()).withKey("1"));
		this.bus.processAll();
		SagaInfo info = this.bus.sagas().find("move", "1").orElseThrow();
		assertThat(info.status()).isEqualTo(SagaInfo.Status.FAILED);
		assertThat(info.toString()).doesNotContain(SECRET);
		this.bus.publish(Event.of("move.done", Map.of()).withKey("1").withId(UUID.randomUUID()));
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.bus.query().type("address.found").stream(AddressFound.class)).singleElement()
			.satisfies((found) -> assertThat(found.data().address()).contains(SECRET));
		assertThat(this.bus.dead().toString()).doesNotContain(SECRET);
	}

	@Test
	void aPlainSagaDoesNotQuoteAnEncryptedEvent() {
		TestEventBus bus = bus(Secrets.bus((options) -> {
		}, "address.*"));
		bus.sagas()
			.register(Saga.named("move", Plain.class)
				.correlateBy(Event::key)
				.startsOn("move.begun", (event, saga) -> new Plain(1))
				.on("address.asked", (state, event, saga) -> {
					throw new IllegalStateException(event.data().toString());
				})
				.build());
		bus.publish(Event.of("move.begun", Map.of()).withKey("1"));
		bus.publish(asked());
		bus.advance(Duration.ofHours(1));
		assertThat(bus.sagas().find("move", "1").orElseThrow().toString()).contains("IllegalState")
			.doesNotContain(SECRET);
		assertThat(bus.dead()).hasSize(1);
		assertThat(bus.dead().toString()).doesNotContain(SECRET);
	}

	@Test
	void anAggregationGathersAndPublishesPlainText() {
		this.bus.aggregations()
			.register(Aggregation.named("digest")
				.on("address.asked")
				.tumbling(Duration.ofMinutes(1))
				.into(Move.class, () -> new Move(""), (gathered, event) -> new Move(gathered.address() + event.data()))
				.publishAs(AddressFound.class,
						(gathered, window) -> new AddressFound(window.key(), gathered.address())));
		this.bus.publish(asked());
		this.bus.publish(asked());
		this.bus.advance(Duration.ofMinutes(1));
		assertThat(this.bus.query().type("address.found").stream(AddressFound.class)).singleElement()
			.satisfies((found) -> assertThat(found.data().address()).contains(SECRET));
	}

	@Test
	void itemsOfABatchAreEncryptedAsTheirClassSays() {
		TestEventBus bus = bus(Secrets.bus((options) -> {
		}, new String[0]));
		bus.subscribe(Subscriber.to("views").as(new TypeReference<EventBatch<View>>() {
		}.getType()).id("views").handler((event) -> this.received.add(event.data())));
		try (BatchEmitter<View> views = bus.batch("views", BatchOptions.size(2))) {
			views.add(new View("/", SECRET));
			views.add(new View("/home", SECRET));
		}
		bus.processAll();
		assertThat(this.received)
			.containsExactly(new EventBatch<>(2, List.of(new View("/", SECRET), new View("/home", SECRET))));
		assertThat(bus.history("views", 1)).singleElement()
			.satisfies((event) -> assertThat(event.metadata()).containsKey("events.encryption"));
	}

	@Test
	void oldEncryptedEventsAreUpcastedForFiltersTreesAndReplays() {
		TestEventBus bus = bus(Secrets.bus((options) -> options.upcasters(List
			.of(EventUpcaster.of("address.asked", "1.0.0", "2.0.0", (data) -> data.set("email", data.remove("name"))))),
				"**"));
		bus.subscribe(Subscriber.to("address.*")
			.as(JsonNode.class)
			.id("trees")
			.where((event) -> ((Map<?, ?>) event.data()).get("email").equals(SECRET))
			.handler((event) -> this.received.add(event.version() + event.data())));
		bus.publish(asked());
		bus.processAll();
		bus.replay().subscriber("trees").start();
		bus.processAll();
		assertThat(this.received).hasSize(2).allMatch(("2.0.0{\"email\":\"" + SECRET + "\"}")::equals);
	}

	@Test
	void aBatchThatFailsQuotesNothingToItsPlainEvents() {
		TestEventBus bus = bus(Secrets.bus((options) -> {
		}, "address.*"));
		bus.subscribe(Subscriber.to("**").id("all").batch(10).maxAttempts(1).batchHandler((events) -> {
			throw new IllegalStateException(events.toString() + events.get(0).data());
		}));
		bus.publish(asked());
		bus.publish(Event.of("plain", Map.of()).withKey("2"));
		bus.processAll();
		assertThat(bus.dead().toString() + bus.stats()).doesNotContain(SECRET);
	}

	@EventType("address.found")
	record AddressFound(@EventKey String id, String address) {

	}

	record Move(String address) {

	}

	record Plain(int number) {

	}

	record View(String path, @Encrypted String who) {

	}

}
