package dev.events.test.combination;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.events.Aggregation;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.EventAccessDeniedException;
import dev.events.EventAccessPolicy;
import dev.events.EventStats;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.NonRetryableEventException;
import dev.events.RequestFailedException;
import dev.events.Saga;
import dev.events.Subscriber;
import dev.events.bus.EventBusBuilder;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that meet replays, dead letters, access rules, upcasters, sagas and
 * aggregations.
 */
class RequestCombinationsTests {

	private final List<EventUpcaster> upcasters = new ArrayList<>();

	private final List<EventAccessPolicy> policies = new ArrayList<>();

	private TestEventBus bus = create();

	@AfterEach
	void close() {
		this.bus.close();
	}

	private TestEventBus create() {
		return TestEventBus.create(this::options);
	}

	private void options(EventBusBuilder options) {
		options.upcasters(this.upcasters).accessPolicies(this.policies);
	}

	private void again() {
		this.bus.close();
		this.bus = create();
	}

	private static Event<Object> asked() {
		return Event.of("price.asked", (Object) Map.of("book", 1)).withKey("1");
	}

	private void answers() {
		this.bus.subscribe(Subscriber.to("price.asked")
			.id("prices")
			.function((event, delivery) -> Event.of("price.quoted",
					Map.of("cents", 100, "asked", delivery.isRequest()))));
	}

	private void givesUp() {
		this.bus.subscribe(Subscriber.to("price.asked").id("prices").maxAttempts(1).function((event, delivery) -> {
			throw new IllegalStateException();
		}));
	}

	private void failsAtOnce() {
		CompletableFuture<Event<Object>> answer = this.bus.request(asked()).within(Duration.ofMinutes(1)).first();
		this.bus.processAll();
		assertThat(answer).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(RequestFailedException.class);
	}

	@Test
	void aReplayOfARequestAnswersNobody() {
		answers();
		CompletableFuture<Event<Object>> answer = this.bus.request(asked()).first();
		this.bus.processAll();
		assertThat(answer.join().data().toString()).contains("asked=true");
		this.bus.replay().subscriber("prices").start();
		this.bus.processAll();
		assertThat(this.bus.history("price.quoted", 10)).hasSize(2)
			.first()
			.satisfies((event) -> assertThat(event.metadata().toString() + event.data()).contains("asked=false")
				.doesNotContain("events.answer"));
		EventStats.Requests stats = this.bus.stats().requests();
		assertThat(stats.late() + stats.surplus() + stats.unknown()).isZero();
	}

	@Test
	void aReplayedRequestThatFailsIsNotAnsweredWhenItIsTriedAgainEither() {
		answers();
		this.bus.request(asked()).first();
		this.bus.processAll();
		this.bus.failNext("prices", 1);
		this.bus.replay().subscriber("prices").start();
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.bus.history("price.quoted", 10)).hasSize(2)
			.first()
			.satisfies((event) -> assertThat(event.metadata().toString()).doesNotContain("events.answer"));
	}

	@Test
	void aSagaThatTakesTheRequestIsNoHope() {
		givesUp();
		this.bus.sagas()
			.register(Saga.named("s", Integer.class)
				.correlateBy(Event::key)
				.startsOn("price.asked", (event, saga) -> 1)
				.build());
		failsAtOnce();
	}

	@Test
	void anAggregationThatTakesTheRequestIsNoHope() {
		givesUp();
		this.bus.aggregations()
			.register(Aggregation.named("a")
				.on("price.*")
				.tumbling(Duration.ofMinutes(1))
				.into(Integer.class, () -> 0, (count, event) -> count + 1)
				.publishAs("prices", (count, window) -> null));
		failsAtOnce();
	}

	@Test
	void aSubscriberThatCollectsIsNoHope() {
		givesUp();
		this.bus.subscribe(Subscriber.to("price.*").id("collects").batch(10).batchHandler((events) -> {
		}));
		failsAtOnce();
	}

	@Test
	void anAnswerIsReadInTheVersionThatIsAskedFor() {
		this.upcasters
			.add(EventUpcaster.of("price.quoted", "1.0.0", "2.0.0", (data) -> data.set("euros", data.remove("cents"))));
		again();
		answers();
		CompletableFuture<Event<Quoted>> answer = this.bus.request(asked()).as(Quoted.class).first();
		this.bus.processAll();
		assertThat(answer.join().data()).isEqualTo(new Quoted(100));
	}

	@Test
	void whoMayNotReadTheRequestDoesNotAnswerIt() {
		this.policies.add(new EventAccessPolicy() {
			@Override
			public void checkReceive(Event<?> event, String subscription) {
				if (subscription.equals("prices")) {
					throw new EventAccessDeniedException("no");
				}
			}
		});
		again();
		answers();
		CompletableFuture<List<Event<Object>>> answer = this.bus.request(asked()).within(Duration.ofMillis(200)).all();
		this.bus.processAll();
		assertThat(answer.join()).isEmpty();
	}

	@Test
	void aDeadRequestThatIsRetriedInTimeIsAnswered() {
		answers();
		this.bus.failNext("prices", 1, () -> new NonRetryableEventException("x"));
		CompletableFuture<List<Event<Object>>> answer = this.bus.request(asked()).within(Duration.ofMinutes(1)).all(1);
		this.bus.processAll();
		assertThat(this.bus.dead()).hasSize(1);
		this.bus.deadLetters().retryAll(Filter.all());
		this.bus.processAll();
		assertThat(answer.join()).hasSize(1);
	}

	@Test
	void anEditedRequestIsStillOne() {
		answers();
		this.bus.failNext("prices", 1, () -> new NonRetryableEventException("x"));
		CompletableFuture<List<Event<Object>>> answer = this.bus.request(asked()).within(Duration.ofMinutes(1)).all(1);
		this.bus.processAll();
		this.bus.deadLetters().retry(this.bus.dead().get(0).id(), Map.of("book", 2));
		this.bus.processAll();
		assertThat(answer.join()).hasSize(1);
	}

	@Test
	void forwardingAnAnswerIsNoSecondAnswer() {
		answers();
		this.bus.subscribe(Subscriber.to("price.quoted")
			.id("copy")
			.function((event, delivery) -> Optional.of(event.withType("price.copied").withId(UUID.randomUUID()))));
		CompletableFuture<List<Event<Object>>> answer = this.bus.request(asked()).within(Duration.ofMillis(500)).all();
		this.bus.processAll();
		assertThat(answer.join()).extracting(Event::type).containsExactly("price.quoted");
	}

	@EventType(value = "price.quoted", version = "2.0.0")
	record Quoted(int euros) {

	}

}
