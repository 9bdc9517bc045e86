package dev.events.test.combination;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.AfterDeadLetter;
import dev.events.Aggregation;
import dev.events.AggregationStats;
import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.DataSubject;
import dev.events.DeadLetters.Filter;
import dev.events.Encrypted;
import dev.events.ErasedData;
import dev.events.Event;
import dev.events.EventKey;
import dev.events.EventType;
import dev.events.Replay;
import dev.events.ReplayInfo;
import dev.events.Saga;
import dev.events.SagaInfo;
import dev.events.Subscriber;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * People who were forgotten, and what else there is: what is about them is passed over,
 * and nothing else suffers from it.
 */
class ForgottenPeopleTests {

	private final List<Object> received = new ArrayList<>();

	private final TestEventBus bus = Secrets.bus((options) -> {
	}, new String[0]);

	@AfterEach
	void close() {
		this.bus.close();
	}

	private void forget(String user) {
		this.bus.dataSubjects().forget(user);
	}

	private void subscribe(AtomicBoolean broken, AfterDeadLetter after) {
		this.bus.subscribe(Subscriber.to("moved").id("moves").maxAttempts(2).afterDeadLetter(after).handler((event) -> {
			if (broken.get()) {
				throw new IllegalStateException();
			}
			this.received.add(event.key());
		}));
	}

	private static Moved moved(String user) {
		return new Moved("k", user, "street");
	}

	@Test
	void aParkedEventIsPassedOverAndWhatWaitsBehindItComes() {
		AtomicBoolean broken = new AtomicBoolean(true);
		subscribe(broken, AfterDeadLetter.CONTINUE);
		this.bus.publish(moved("ada"));
		this.bus.publish(moved("eve"));
		this.bus.processAll();
		forget("ada");
		broken.set(false);
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.received).containsExactly("k");
		assertThat(this.bus.dead()).isEmpty();
		assertThat(this.bus.stats().erased()).isEqualTo(1);
		assertThat(this.bus.subscriptions().find("moves").orElseThrow().parked()).isZero();
	}

	@Test
	void aDeadLetterThatHoldsItsKeyLetsItGoWhenItIsRetried() {
		AtomicBoolean broken = new AtomicBoolean(true);
		subscribe(broken, AfterDeadLetter.HOLD);
		this.bus.publish(moved("ada"));
		this.bus.publish(moved("eve"));
		this.bus.advance(Duration.ofHours(1));
		forget("ada");
		broken.set(false);
		assertThat(this.bus.dead()).hasSize(1);
		assertThat(this.received).isEmpty();
		this.bus.deadLetters().retryAll(Filter.all());
		this.bus.processAll();
		assertThat(this.received).containsExactly("k");
		assertThat(this.bus.dead()).isEmpty();
	}

	@Test
	void aReplayComesToItsEnd() {
		subscribe(new AtomicBoolean(), AfterDeadLetter.CONTINUE);
		this.bus.publish(moved("ada"));
		this.bus.publish(moved("eve"));
		this.bus.processAll();
		forget("ada");
		this.received.clear();
		Replay replay = this.bus.replay().subscriber("moves").start();
		this.bus.processAll();
		assertThat(replay.info().state()).isEqualTo(ReplayInfo.State.COMPLETED);
		assertThat(this.received).hasSize(1);
	}

	@Test
	void aScheduledEventIsReleasedAndPassedOver() {
		subscribe(new AtomicBoolean(), AfterDeadLetter.CONTINUE);
		this.bus.publishIn(Duration.ofHours(1), moved("ada"));
		forget("ada");
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.received).isEmpty();
		assertThat(this.bus.scheduled().count()).isZero();
		assertThat(this.bus.published()).extracting(Event::data).containsExactly((Object) ErasedData.INSTANCE);
	}

	@Test
	void aWindowWhoseResultIsAboutAForgottenPersonEnds() {
		this.bus.aggregations()
			.register(Aggregation.named("digest")
				.on("seen")
				.tumbling(Duration.ofMinutes(1))
				.into(Integer.class, () -> 0, (count, event) -> count + 1)
				.publishAs(Moved.class, (count, window) -> new Moved("k", window.key(), "street " + count)));
		this.bus.publish(Event.of("seen", Map.of()).withKey("ada"));
		this.bus.publish(Event.of("seen", Map.of()).withKey("eve"));
		this.bus.processAll();
		forget("ada");
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.bus.query().type("moved").list(10)).hasSize(1);
		AggregationStats stats = this.bus.aggregations().stats().get(0);
		assertThat(stats.failed()).isZero();
		assertThat(stats.erased()).isEqualTo(1);
	}

	@Test
	void whatIsGatheredAboutAForgottenPersonIsPassedOver() {
		this.bus.aggregations()
			.register(Aggregation.named("digest")
				.on("seen")
				.tumbling(Duration.ofMinutes(1))
				.into(State.class, () -> new State("", ""), (state, event) -> new State(event.key(), "x"))
				.publishAs("digest", (state, window) -> Map.of("user", state.user())));
		forget("ada");
		this.bus.publish(Event.of("seen", Map.of()).withKey("ada"));
		this.bus.publish(Event.of("seen", Map.of()).withKey("eve"));
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.bus.query().type("digest").list(10)).hasSize(1);
		assertThat(this.bus.dead()).isEmpty();
	}

	@Test
	void aSagaOfAForgottenPersonDoesNotStart() {
		this.bus.sagas()
			.register(Saga.named("move", State.class)
				.correlateBy(Event::key)
				.startsOn("seen", (event, saga) -> new State(event.key(), "secret"))
				.endsOn("done", (state, event, saga) -> state)
				.build());
		forget("ada");
		this.bus.publish(Event.of("seen", Map.of()).withKey("ada"));
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.bus.sagas().find("move", "ada")).isEmpty();
		assertThat(this.bus.dead()).isEmpty();
	}

	@Test
	void aSagaThatCannotTellSomethingToSomebodyForgottenIsNotPassedOver() {
		this.bus.sagas().register(order());
		this.bus.publish(Event.of("ordered", Map.of()).withKey("ada"));
		this.bus.publish(Event.of("paid", Map.of()).withKey("ada"));
		this.bus.processAll();
		forget("ada");
		this.bus.publish(Event.of("sent", Map.of()).withKey("ada"));
		this.bus.advance(Duration.ofMinutes(5));
		// its step has published about somebody who was forgotten, and so failed
		SagaInfo info = this.bus.sagas().find("order", "ada").orElseThrow();
		assertThat(info.status()).isEqualTo(SagaInfo.Status.FAILED);
		assertThat(this.bus.dead()).hasSize(1);
	}

	@Test
	void aTimeoutThatCannotTellSomethingToSomebodyForgottenKeepsTheSaga() {
		this.bus.sagas().register(order());
		this.bus.publish(Event.of("ordered", Map.of()).withKey("ada"));
		this.bus.publish(Event.of("paid", Map.of()).withKey("ada"));
		this.bus.processAll();
		forget("ada");
		this.bus.advance(Duration.ofHours(2));
		SagaInfo info = this.bus.sagas().find("order", "ada").orElseThrow();
		assertThat(info.status()).isEqualTo(SagaInfo.Status.FAILED);
	}

	private static Saga<Plain> order() {
		return Saga.named("order", Plain.class)
			.correlateBy(Event::key)
			.startsOn("ordered", (event, saga) -> new Plain(1))
			.on("paid", (state, event, saga) -> new Plain(2))
			.compensateWith((state, saga) -> {
				saga.publish(Event.of("refund", Map.of()));
				saga.publish(new Moved("k", saga.key(), "we are sorry"));
				return state;
			})
			.on("sent", (state, event, saga) -> {
				saga.publish(new Moved("k", saga.key(), "it is on its way"));
				return state;
			})
			.timeout(Duration.ofHours(1))
			.build();
	}

	@Test
	void itemsOfABatchAboutSeveralPeopleAreForgottenOneByOne() {
		try (BatchEmitter<State> seen = this.bus.batch("seen", BatchOptions.size(4))) {
			seen.add(new State("ada", "a"));
			seen.add(new State("eve", "b"));
			seen.add(new State("eve", "c"));
			seen.add(new State("bob", "d"));
		}
		forget("ada");
		List<Event<Object>> events = this.bus.history("seen", 10);
		assertThat(events).filteredOn((event) -> event.data() instanceof ErasedData).hasSize(1);
		assertThat(events.toString() + events.stream().map(Event::data).toList()).contains("secret=b", "secret=c",
				"secret=d");
		assertThat(this.bus.stats().batches().lost()).isZero();
	}

	@Test
	void theNextTestKnowsNothingOfIt() {
		forget("ada");
		this.bus.reset();
		this.bus.publish(moved("ada"));
		assertThat(this.bus.published()).hasSize(1);
	}

	@EventType("moved")
	record Moved(@EventKey String key, @DataSubject String user, @Encrypted String street) {

	}

	record State(@DataSubject String user, @Encrypted String secret) {

	}

	record Plain(int number) {

	}

}
