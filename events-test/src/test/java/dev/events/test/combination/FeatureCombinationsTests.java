package dev.events.test.combination;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.events.AfterDeadLetter;
import dev.events.Aggregation;
import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.DeadLetters.Filter;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventAccessDeniedException;
import dev.events.EventAccessPolicy;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import dev.events.Saga;
import dev.events.SagaInfo.Status;
import dev.events.Subscriber;
import dev.events.SubscriptionDefinition;
import dev.events.SynchronousSubscriberException;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.test.TestEventBus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Features of the bus that meet each other: each works alone, and has to with others.
 */
class FeatureCombinationsTests {

	private final List<String> received = new ArrayList<>();

	private final List<EventUpcaster> upcasters = new ArrayList<>();

	private final List<EventAccessPolicy> policies = new ArrayList<>();

	private TestEventBus bus = create();

	@AfterEach
	void close() {
		this.bus.close();
	}

	private TestEventBus create() {
		return TestEventBus.create((options) -> options.upcasters(this.upcasters)
			.accessPolicies(this.policies)
			.connectors(List.of(new Box()))
			.source("shop"));
	}

	private TestEventBus again() {
		this.bus.close();
		this.bus = create();
		return this.bus;
	}

	private static Saga<Integer> saga() {
		return Saga.named("s", Integer.class)
			.correlateBy(Event::key)
			.startsOn("begun", (event, saga) -> 1)
			.endsOn("ended", (state, event, saga) -> {
				saga.publish(Event.of("told", Map.of()));
				return 2;
			})
			.timeout(Duration.ofHours(1))
			.build();
	}

	private static Aggregation<Object, Integer> counting() {
		return Aggregation.named("sum")
			.on("price")
			.tumbling(Duration.ofMinutes(1))
			.into(Integer.class, () -> 0, (sum, event) -> sum + 1)
			.publishAs("sum", (sum, window) -> sum);
	}

	private static Event<Integer> event(String type) {
		return Event.of(type, 1).withKey("k");
	}

	@Test
	void whatASagaHasNotHeardWhileItWasPausedCountsBeforeItsTimeIsOver() {
		this.bus.sagas().register(saga());
		this.bus.publish(event("begun"));
		this.bus.processAll();
		this.bus.subscriptions().pause("saga.s", "maintenance");
		this.bus.publish(event("ended"));
		this.bus.advance(Duration.ofHours(2));
		assertThat(this.bus.sagas().find("s", "k").orElseThrow().status()).isEqualTo(Status.RUNNING);
		this.bus.subscriptions().resume("saga.s");
		this.bus.advance(Duration.ofMinutes(1));
		assertThat(this.bus.sagas().find("s", "k").orElseThrow().status()).isEqualTo(Status.COMPLETED);
	}

	@Test
	void aRewoundSagaDoesNothingTwice() {
		this.bus.sagas().register(saga());
		this.bus.publish(event("begun"));
		this.bus.publish(event("ended"));
		this.bus.processAll();
		this.bus.subscriptions().rewind("saga.s", this.bus.clock().instant().minusSeconds(60));
		this.bus.processAll();
		assertThat(this.bus.history("told", 10)).hasSize(1);
		assertThat(this.bus.dead()).isEmpty();
	}

	@Test
	void neitherSagasNorAggregationsTakeReplaysWhateverTheirSubscriberSays() {
		this.bus.sagas()
			.register(Saga.named("s", Integer.class)
				.startsOn("begun", (event, saga) -> 1)
				.subscriber((subscriber) -> subscriber.replay(true))
				.build());
		this.bus.aggregations()
			.register(Aggregation.named("a")
				.on("begun")
				.tumbling(Duration.ofMinutes(1))
				.into(Integer.class, () -> 0, (count, event) -> count + 1)
				.subscriber((subscriber) -> subscriber.replay(true))
				.publishAs("counted", (count, window) -> count));
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.bus.replay().subscriber("saga.s").start());
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.bus.replay().subscriber("aggregation.a").start());
	}

	@Test
	void aScheduledEventKeepsWhatItsPublisherSaidAndItsChain() {
		this.bus.subscribe(Subscriber.to("begun")
			.id("later")
			.handler((event) -> this.bus.from("plugin")
				.publishIn(Duration.ofHours(1),
						Event.of("reminder", 1)
							.withKey("r")
							.withOrganization("acme")
							.withUser("u")
							.withMetadata("channel", "web"))));
		this.bus.subscribe(Subscriber.to("reminder")
			.id("acme")
			.organization("acme")
			.sources("plugin")
			.handler((event) -> this.received.add(event.user() + event.metadata().get("channel") + event.source())));
		Event<?> begun = this.bus.publish(event("begun")).event();
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.received).containsExactly("uwebplugin");
		assertThat(this.bus.history("reminder", 1)).singleElement().satisfies((event) -> {
			assertThat(event.correlationId()).isEqualTo(begun.correlationId());
			assertThat(event.causationId()).isEqualTo(begun.id().toString());
		});
	}

	@Test
	void editedDataOfAnOldEventGoesThroughItsUpcasters() {
		this.upcasters
			.add(EventUpcaster.of("price", "1.0.0", "2.0.0", (data) -> data.set("euros", data.remove("cents"))));
		again();
		this.bus.subscribe(Subscriber.to(Price.class).id("prices").handler((event) -> {
			if (event.data().euros() < 0) {
				throw new NonRetryableEventException("negative");
			}
			this.received.add(event.data().toString());
		}));
		this.bus.publish(Event.of("price", Map.of("cents", -1)));
		this.bus.processAll();
		this.bus.deadLetters().retry(this.bus.dead().get(0).id(), Map.of("cents", 1));
		this.bus.processAll();
		assertThat(this.received).containsExactly("Price[euros=1]");
	}

	@Test
	void anObjectOfAnotherVersionIsNoNewDataForADeadLetter() {
		this.upcasters
			.add(EventUpcaster.of("price", "1.0.0", "2.0.0", (data) -> data.set("euros", data.remove("cents"))));
		again();
		this.bus.subscribe(Subscriber.to(Price.class).id("prices").handler((event) -> {
			throw new NonRetryableEventException("negative");
		}));
		this.bus.publish(Event.of("price", Map.of("cents", -1)));
		this.bus.processAll();
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> this.bus.deadLetters().retry(this.bus.dead().get(0).id(), new Price(1)))
			.withMessageContaining("1.0.0");
	}

	@Test
	void aStoredSubscriptionGetsOldEventsInTheNewestShapeAndOnlyThoseOfItsOrganization() {
		this.upcasters
			.add(EventUpcaster.of("price", "1.0.0", "2.0.0", (data) -> data.set("euros", data.remove("cents"))));
		again();
		this.bus.subscriptions()
			.create(SubscriptionDefinition.of("box", "price").withId("box").withOrganization("acme"));
		this.bus.publish(Event.of("price", Map.of("cents", 1)).withOrganization("acme"));
		this.bus.publish(Event.of("price", Map.of("cents", 2)).withOrganization("other"));
		this.bus.publish(Event.of("price", Map.of("cents", 3)));
		this.bus.processAll();
		this.bus.replay().subscriber("box").organization("other").start();
		this.bus.processAll();
		this.bus.replay().subscriber("box").start();
		this.bus.processAll();
		assertThat(this.received).containsExactly("2.0.0 {\"euros\":1} false", "2.0.0 {\"euros\":1} true");
	}

	@Test
	void aDeadLetterThatMayNoLongerBeReadIsPassedOverAndLetsItsKeyGo() {
		boolean[] refused = new boolean[1];
		this.policies.add(new EventAccessPolicy() {
			@Override
			public void checkReceive(Event<?> event, String subscription) {
				if (refused[0] && subscription.equals("prices") && event.data().equals(1)) {
					throw new EventAccessDeniedException("no");
				}
			}
		});
		again();
		this.bus.subscribe(Subscriber.to("price")
			.id("prices")
			.afterDeadLetter(AfterDeadLetter.HOLD)
			.handler((event) -> this.received.add(event.data().toString())));
		this.bus.failNext("prices", 1, () -> new NonRetryableEventException("x"));
		this.bus.publish(event("price"));
		this.bus.publish(Event.of("price", 2).withKey("k"));
		this.bus.processAll();
		refused[0] = true;
		this.bus.deadLetters().retryAll(Filter.all());
		this.bus.processAll();
		assertThat(this.received).containsExactly("2");
		assertThat(this.bus.dead()).isEmpty();
	}

	private void onlyForAcme() {
		this.policies.add(new EventAccessPolicy() {
			@Override
			public void checkReceive(Event<?> event, String subscription) {
				if (!"acme".equals(event.organization())) {
					throw new EventAccessDeniedException("no");
				}
			}
		});
		again();
	}

	@Test
	void whoMayNotHaveAnEventCannotStopIt() {
		onlyForAcme();
		this.bus.subscribe(Subscriber.to(Price.class).id("prices").synchronous().handler((event) -> {
		}));
		this.bus.publish(Event.of("price", "of another shape").withOrganization("other"));
		assertThat(this.bus.published()).hasSize(1);
		assertThatExceptionOfType(SynchronousSubscriberException.class)
			.isThrownBy(() -> this.bus.publish(Event.of("price", "of another shape").withOrganization("acme")));
	}

	@Test
	void whatMayNotBeReadMakesNoDeadLetterThoughItCannotBeRead() {
		onlyForAcme();
		this.bus.subscribe(Subscriber.to(Price.class).id("prices").handler((event) -> this.received.add("x")));
		this.bus.subscribe(Subscriber.to("price")
			.id("filtered")
			.where((event) -> Integer.parseInt(event.data().toString()) > 0)
			.handler((event) -> this.received.add("x")));
		this.bus.publish(Event.of("price", "of another shape").withKey("k").withOrganization("other"));
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.bus.dead()).isEmpty();
		assertThat(this.bus.stats().refused()).isEqualTo(2);
		this.bus.publish(Event.of("price", "of another shape").withKey("k").withOrganization("acme"));
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.bus.dead()).hasSize(2);
		assertThat(this.received).isEmpty();
	}

	@Test
	void aDeadLetterOfAPausedSubscriptionIsRetriedWhenItGoesOn() {
		this.bus.subscribe(Subscriber.to("price").id("prices").handler((event) -> this.received.add("x")));
		this.bus.failNext("prices", 1, () -> new NonRetryableEventException("x"));
		this.bus.publish(event("price"));
		this.bus.processAll();
		this.bus.subscriptions().pause("prices", "x");
		this.bus.deadLetters().retryAll(Filter.all());
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.received).isEmpty();
		this.bus.subscriptions().resume("prices");
		this.bus.processAll();
		assertThat(this.received).hasSize(1);
	}

	@Test
	void anAggregationWorksOnUpcastedDataAndResultsGoToStoredSubscriptions() {
		this.upcasters
			.add(EventUpcaster.of("price", "1.0.0", "2.0.0", (data) -> data.set("euros", data.remove("cents"))));
		again();
		this.bus.subscriptions().create(SubscriptionDefinition.of("box", "sum").withId("box"));
		this.bus.aggregations()
			.register(Aggregation.named("sum")
				.on(Price.class)
				.tumbling(Duration.ofMinutes(1))
				.into(Integer.class, () -> 0, (sum, event) -> sum + event.data().euros())
				.publishAs("sum", (sum, window) -> sum));
		this.bus.publish(Event.of("price", Map.of("cents", 1)).withKey("k"));
		this.bus.publish(Event.of(new Price(2)).withKey("k"));
		this.bus.advance(Duration.ofMinutes(1));
		assertThat(this.received).containsExactly("1.0.0 3 false");
	}

	@Test
	void aPausedAggregationLosesNothing() {
		this.bus.aggregations().register(counting());
		this.bus.publish(event("price"));
		this.bus.processAll();
		this.bus.subscriptions().pause("aggregation.sum", "x");
		this.bus.publish(event("price"));
		this.bus.advance(Duration.ofMinutes(5));
		this.bus.subscriptions().resume("aggregation.sum");
		this.bus.advance(Duration.ofMinutes(5));
		assertThat(this.bus.history("sum", 10)).extracting(Event::data).containsExactly(1, 1);
	}

	@Test
	void aReplayDuringAPauseWaits() {
		this.bus.subscribe(Subscriber.to("price").id("prices").handler((event) -> this.received.add("x")));
		this.bus.publish(event("price"));
		this.bus.processAll();
		this.bus.subscriptions().pause("prices", "x");
		this.bus.processAll();
		this.bus.replay().subscriber("prices").start();
		this.bus.processAll();
		assertThat(this.received).hasSize(1);
		this.bus.subscriptions().resume("prices");
		this.bus.processAll();
		assertThat(this.received).hasSize(2);
	}

	@Test
	void whatIsInABatchEmitterComesWithTime() {
		this.bus.subscribe(Subscriber.to("views").id("views").handler((event) -> this.received.add("x")));
		BatchEmitter<Integer> views = this.bus.batch("views", BatchOptions.size(50).interval(Duration.ofSeconds(5)));
		views.add(1);
		this.bus.processAll();
		assertThat(this.received).isEmpty();
		this.bus.advance(Duration.ofSeconds(5));
		assertThat(this.received).hasSize(1);
	}

	@Test
	void whatIsSwitchedOffHereEndsNoWindowsAndTimesOutNoSagas() {
		this.bus.close();
		this.bus = TestEventBus.create((options) -> options.overrides((subscriber) -> Optional.empty()));
		this.bus.sagas().register(saga());
		this.bus.aggregations().register(counting());
		assertThat(this.bus.sagas().stats()).isEmpty();
		assertThat(this.bus.aggregations().stats()).isEmpty();
	}

	@Test
	void aFullBatchIsEmittedBeforeEverythingIsProcessed() {
		this.bus.subscribe(Subscriber.to("views").id("views").handler((event) -> this.received.add("x")));
		BatchEmitter<Integer> views = this.bus.batch("views", BatchOptions.size(2).interval(Duration.ofHours(1)));
		for (int i = 1; i <= 20; i++) {
			views.add(i);
			views.add(i);
			this.bus.processAll();
			assertThat(this.received).hasSize(i);
		}
	}

	@Test
	void aMapThatWasNotPublishedIsSaidToBeMissing() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.bus.given().when(event("price")).thenPublished(Map.of("a", 1)));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.bus.given().when((bus) -> bus.publish(event("price"))).thenPublished(Map.of("a", 1)))
			.withMessageContaining("Expected to be published");
	}

	@Test
	void aSynchronousAnswerToAScheduledEventIsScheduledWithIt() {
		this.bus.subscribe(Subscriber.to("price")
			.id("sync")
			.synchronous()
			.function((event, delivery) -> Optional.of(Event.of("told", 1))));
		this.bus.publishIn(Duration.ofHours(1), event("price"));
		assertThat(this.bus.history("**", 10)).isEmpty();
		this.bus.advance(Duration.ofHours(1));
		assertThat(this.bus.history("**", 10)).hasSize(2);
	}

	@EventType(value = "price", version = "2.0.0")
	record Price(int euros) {

	}

	private final class Box implements EventConnector<Map<String, Object>> {

		@Override
		public String type() {
			return "box";
		}

		@Override
		@SuppressWarnings({ "unchecked", "rawtypes" })
		public Class<Map<String, Object>> configType() {
			return (Class) Map.class;
		}

		@Override
		public EventConnection connect(Map<String, Object> config, ConnectorContext context) {
			return (Event<JsonNode> event, Delivery delivery) -> FeatureCombinationsTests.this.received
				.add(event.version() + " " + event.data() + " " + delivery.isReplay());
		}

	}

}
