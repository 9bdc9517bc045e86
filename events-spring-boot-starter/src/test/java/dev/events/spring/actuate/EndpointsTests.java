package dev.events.spring.actuate;

import java.time.Duration;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventSchema;
import dev.events.EventSubscriber;
import dev.events.FieldType;
import dev.events.Replay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(
		properties = { "events.store=memory", "events.delivery.poll-interval=20ms", "events.retry.initial-delay=1ms",
				"management.endpoints.web.exposure.include=*", "spring.jpa.open-in-view=false" })
@AutoConfigureMockMvc
class EndpointsTests {

	private static final DeadLetters.Filter ALL = DeadLetters.Filter.all();

	@Autowired
	MockMvcTester mvc;

	@Autowired
	EventBus bus;

	@Autowired
	Flaky flaky;

	@BeforeEach
	void fail() {
		this.flaky.fails.set(true);
		this.bus.publish(Event.of("order.placed", "secret-data").withKey("k").withUser("secret-user"));
		await().until(() -> this.bus.deadLetters().count(ALL) == 1);
	}

	@AfterEach
	void clear() {
		// what was retried may still become a dead letter again
		await().until(() -> this.bus.subscriptions()
			.list()
			.stream()
			.allMatch((subscription) -> subscription.lag() == 0 && subscription.parked() == 0));
		this.bus.deadLetters().discardAll(ALL);
	}

	private UUID deadLetter() {
		return this.bus.deadLetters().list(ALL, 1, null).deadLetters().get(0).id();
	}

	@Test
	void showsSchemas() {
		this.bus.schemas().register(EventSchema.of("user.registered", "1.0.0").field("name", FieldType.STRING));
		this.bus.schemas().register(EventSchema.of("user.registered", "1.1.0").field("name", FieldType.ANY));
		assertThat(this.mvc.get().uri("/actuator/eventschemas")).hasStatusOk().bodyJson().satisfies((json) -> {
			json.assertThat().extractingPath("$.types['user.registered']").asArray().containsExactly("1.0.0", "1.1.0");
			json.assertThat().extractingPath("$.violations").isEqualTo(0);
		});
		assertThat(this.mvc.get().uri("/actuator/eventschemas/user.registered")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.versions['1.0.0'].properties.name.type")
			.isEqualTo("string");
		assertThat(this.mvc.get().uri("/actuator/eventschemas/user.deleted")).hasStatus(404);
	}

	@Test
	void showsCountsAndStates() {
		assertThat(this.mvc.get().uri("/actuator/events")).hasStatusOk().bodyJson().satisfies((json) -> {
			json.assertThat().extractingPath("$.store").isEqualTo("memory");
			json.assertThat()
				.extractingPath("$.totals.published")
				.asNumber()
				.satisfies((published) -> assertThat(published.intValue()).isPositive());
			json.assertThat().extractingPath("$.totals.failed").asNumber().isNotNull();
			json.assertThat().extractingPath("$.deadLetters").isEqualTo(1);
			json.assertThat().extractingPath("$.types['order.placed'].published").isNotNull();
			json.assertThat().extractingPath("$.subscriptions[0].id").isEqualTo("flaky");
			json.assertThat().extractingPath("$.subscriptions[0].lag").isEqualTo(0);
			json.assertThat().extractingPath("$.subscriptions[0].state").isEqualTo("ACTIVE");
			json.assertThat().extractingPath("$.subscriptions[0].deadLetters").isEqualTo(1);
			json.assertThat().extractingPath("$.nodes[0].self").isEqualTo(true);
		});
	}

	@Test
	void showsTheHistoryOfATypeWithoutPayloads() {
		// else it becomes a second dead letter while the next test waits for one
		this.flaky.fails.set(false);
		this.bus.publish(Event.of("order.placed", "secret-data").withMetadata("m", "secret-meta"));
		assertThat(this.mvc.get().uri("/actuator/events/order.placed?limit=1")).hasStatusOk().satisfies((result) -> {
			assertThat(result).bodyJson().extractingPath("$.events.length()").isEqualTo(1);
			assertThat(result).bodyJson().extractingPath("$.events[0].type").isEqualTo("order.placed");
			assertThat(result).bodyText().doesNotContain("secret");
		});
		assertThat(this.mvc.get().uri("/actuator/events/no.such")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.events.length()")
			.isEqualTo(0);
	}

	@Test
	void listsScheduledEventsWithoutPayloads() {
		UUID id = this.bus
			.publishIn(Duration.ofHours(1),
					Event.of("order.reminder", "secret-data").withUser("secret-user").withMetadata("m", "secret-meta"))
			.event()
			.id();
		try {
			assertThat(this.mvc.get().uri("/actuator/eventschedule?size=5")).hasStatusOk().satisfies((result) -> {
				assertThat(result).bodyJson().extractingPath("$.total").isEqualTo(1);
				assertThat(result).bodyJson().extractingPath("$.scheduled[0].event.type").isEqualTo("order.reminder");
				assertThat(result).bodyJson().extractingPath("$.scheduled[0].event.id").isEqualTo(id.toString());
				assertThat(result).bodyJson().hasPath("$.scheduled[0].dueAt");
				assertThat(result).bodyText().doesNotContain("secret");
			});
			assertThat(this.mvc.get().uri("/actuator/eventschedule/" + id)).hasStatusOk()
				.bodyText()
				.contains("order.reminder")
				.doesNotContain("secret");
			assertThat(this.mvc.get().uri("/actuator/events")).bodyJson().extractingPath("$.scheduled").isEqualTo(1);
			assertThat(this.mvc.delete().uri("/actuator/eventschedule/" + id)).hasStatus(405);
			assertBadRequest("/actuator/eventschedule?size=0", "size is 0; it must be from 1 to 1000");
			assertBadRequest("/actuator/eventschedule?after=nonsense", "nonsense");
			assertBadRequest("/actuator/eventschedule/nonsense", "'nonsense' is not the id of a scheduled event");
		}
		finally {
			this.bus.scheduled().cancel(id);
		}
		assertThat(this.mvc.get().uri("/actuator/eventschedule/" + id)).hasStatus(404);
	}

	@Test
	void refusesBadInputSayingWhy() {
		assertBadRequest("/actuator/events/order.placed?limit=0", "limit is 0; it must be from 1 to 1000");
		assertBadRequest("/actuator/events/order.placed?limit=1001", "limit is 1001");
		assertBadRequest("/actuator/events/a..b", "a..b");
		assertBadRequest("/actuator/eventdlq?size=0", "size is 0; it must be from 1 to 1000");
		assertBadRequest("/actuator/eventdlq?type=a..b", "a..b");
		assertBadRequest("/actuator/eventdlq?after=nonsense", "nonsense");
		assertBadRequest("/actuator/eventdlq?typ=order.*", "unknown parameter typ; known are");
		assertBadRequest("/actuator/eventdlq/nonsense", "'nonsense' is not the id of a dead letter");
		assertThat(this.mvc.get().uri("/actuator/events/order.placed?limit=x")).hasStatus(400);
	}

	@Test
	void readsReplays() throws InterruptedException {
		this.flaky.fails.set(false);
		Replay replay = this.bus.replay().subscriber("flaky").rate(1000).start();
		assertThat(replay.await(Duration.ofSeconds(20))).isTrue();
		assertThat(this.mvc.get().uri("/actuator/eventreplays")).hasStatusOk().bodyJson().satisfies((json) -> {
			json.assertThat().extractingPath("$.replays[0].id").isEqualTo("" + replay.id());
			json.assertThat().extractingPath("$.replays[0].state").isEqualTo("COMPLETED");
			json.assertThat().extractingPath("$.replays[0].limit").isEqualTo(1000.0);
		});
		assertThat(this.mvc.get().uri("/actuator/eventreplays/" + replay.id())).hasStatusOk();
		assertThat(this.mvc.get().uri("/actuator/eventreplays/" + UUID.randomUUID())).hasStatus(404);
		assertBadRequest("/actuator/eventreplays/nonsense", "'nonsense' is not the id of a replay");
	}

	private void assertBadRequest(String uri, String message) {
		assertThat(this.mvc.get().uri(uri)).as(uri)
			.hasStatus(400)
			.bodyJson()
			.extractingPath("$.message")
			.asString()
			.contains(message);
	}

	@Test
	void listsAndShowsDeadLettersWithoutPayloads() {
		assertThat(this.mvc.get().uri("/actuator/eventdlq?subscription=flaky&type=order.*&size=5")).hasStatusOk()
			.satisfies((result) -> {
				assertThat(result).bodyJson().extractingPath("$.total").isEqualTo(1);
				assertThat(result).bodyJson().extractingPath("$.deadLetters[0].subscription").isEqualTo("flaky");
				assertThat(result).bodyJson().extractingPath("$.deadLetters[0].event.type").isEqualTo("order.placed");
				assertThat(result).bodyJson().doesNotHavePath("$.deadLetters[0].errorStack");
				assertThat(result).bodyText().doesNotContain("secret");
			});
		assertThat(this.mvc.get().uri("/actuator/eventdlq?subscription=other")).bodyJson()
			.extractingPath("$.total")
			.isEqualTo(0);
		assertThat(this.mvc.get().uri("/actuator/eventdlq/" + deadLetter())).hasStatusOk().satisfies((result) -> {
			assertThat(result).bodyJson()
				.extractingPath("$.errorStack")
				.asString()
				.contains("at dev.events")
				.contains("Caused by: java.lang.IllegalArgumentException");
			assertThat(result).bodyJson().extractingPath("$.attempts").isEqualTo(1);
			assertThat(result).bodyText().doesNotContain("secret");
		});
		assertThat(this.mvc.get().uri("/actuator/eventdlq/" + UUID.randomUUID())).hasStatus(404);
	}

	@Test
	void doesNotLetOperatorsWriteByDefault() {
		assertThat(this.mvc.post().uri("/actuator/eventdlq/" + deadLetter())).hasStatus(405);
		assertThat(this.mvc.delete().uri("/actuator/eventdlq?type=**")).hasStatus(405);
		assertThat(this.bus.deadLetters().count(ALL)).isEqualTo(1);
	}

	@Nested
	@TestPropertySource(properties = { "management.endpoint.eventdlq.access=unrestricted",
			"management.endpoint.eventreplays.access=unrestricted",
			"management.endpoint.eventschedule.access=unrestricted", "events.actuator.show-payloads=always" })
	class WithWriteAccessAndPayloads {

		@Test
		void showsPayloads() {
			assertThat(EndpointsTests.this.mvc.get().uri("/actuator/eventdlq/" + deadLetter())).bodyJson()
				.extractingPath("$.event.data")
				.isEqualTo("secret-data");
			assertThat(EndpointsTests.this.mvc.get().uri("/actuator/eventdlq")).bodyJson()
				.extractingPath("$.deadLetters[0].errorMessage")
				.isEqualTo("cannot take secret-data\nsecret line");
			assertThat(EndpointsTests.this.mvc.get().uri("/actuator/events/order.placed")).bodyJson()
				.extractingPath("$.events[0].user")
				.isEqualTo("secret-user");
		}

		@Test
		void showsAndCancelsAScheduledEvent() {
			UUID id = EndpointsTests.this.bus.publishIn(Duration.ofHours(1), Event.of("order.reminder", "secret-data"))
				.event()
				.id();
			String uri = "/actuator/eventschedule/" + id;
			assertThat(EndpointsTests.this.mvc.get().uri(uri)).bodyJson()
				.extractingPath("$.event.data")
				.isEqualTo("secret-data");
			assertThat(EndpointsTests.this.mvc.delete().uri(uri)).hasStatusOk()
				.bodyJson()
				.extractingPath("$.cancelled")
				.isEqualTo(1);
			assertThat(EndpointsTests.this.mvc.delete().uri(uri)).hasStatus(404);
			assertThat(EndpointsTests.this.bus.scheduled().count()).isZero();
		}

		@Test
		void retries() {
			EndpointsTests.this.flaky.fails.set(false);
			assertThat(EndpointsTests.this.mvc.post().uri("/actuator/eventdlq/" + deadLetter())).hasStatusOk()
				.bodyJson()
				.extractingPath("$.retried")
				.isEqualTo(1);
			await().until(() -> "secret-data".equals(EndpointsTests.this.flaky.last));
			assertThat(EndpointsTests.this.bus.deadLetters().count(ALL)).isZero();
		}

		@Test
		void retriesWithOtherData() {
			EndpointsTests.this.flaky.fails.set(false);
			assertThat(EndpointsTests.this.mvc.post()
				.uri("/actuator/eventdlq/" + deadLetter())
				.contentType(MediaType.APPLICATION_JSON)
				.content("{\"data\": \"{\\\"amount\\\": 12.50}\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.edited")
				.isEqualTo(true);
			await().until(() -> "{amount=12.50}".equals(EndpointsTests.this.flaky.last));
		}

		@Test
		void refusesOtherDataThatIsNotJson() {
			assertThat(EndpointsTests.this.mvc.post()
				.uri("/actuator/eventdlq/" + deadLetter())
				.contentType(MediaType.APPLICATION_JSON)
				.content("{\"data\": \"corrected\"}")).hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.asString()
				.contains("JSON text");
			assertThat(EndpointsTests.this.bus.deadLetters().count(ALL)).isEqualTo(1);
		}

		@Test
		void retriesInBulk() {
			EndpointsTests.this.flaky.fails.set(false);
			assertThat(EndpointsTests.this.mvc.post()
				.uri("/actuator/eventdlq")
				.contentType(MediaType.APPLICATION_JSON)
				.content("{\"subscription\": \"flaky\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.retried")
				.isEqualTo(1);
		}

		@Test
		void saysThatBulkRetryNeedsAContentType() {
			assertThat(EndpointsTests.this.mvc.post().uri("/actuator/eventdlq?subscription=flaky")).hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.asString()
				.contains("Content-Type: application/json");
			assertThat(EndpointsTests.this.bus.deadLetters().count(ALL)).isEqualTo(1);
			EndpointsTests.this.flaky.fails.set(false);
			assertThat(EndpointsTests.this.mvc.post()
				.uri("/actuator/eventdlq?subscription=flaky")
				.contentType(MediaType.APPLICATION_JSON)).hasStatusOk()
				.bodyJson()
				.extractingPath("$.retried")
				.isEqualTo(1);
		}

		@Test
		void discards() {
			assertThat(EndpointsTests.this.mvc.delete().uri("/actuator/eventdlq/" + deadLetter())).hasStatusOk()
				.bodyJson()
				.extractingPath("$.discarded")
				.isEqualTo(1);
			assertThat(EndpointsTests.this.bus.deadLetters().count(ALL)).isZero();
		}

		@Test
		void discardsInBulk() {
			assertThat(EndpointsTests.this.mvc.delete().uri("/actuator/eventdlq?type=order.placed")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.discarded")
				.isEqualTo(1);
		}

		@Test
		void skips() {
			assertThat(EndpointsTests.this.mvc.post().uri("/actuator/eventdlq/" + deadLetter() + "/skip"))
				.hasStatusOk();
			assertThat(EndpointsTests.this.mvc.post().uri("/actuator/eventdlq/" + deadLetter() + "/other"))
				.hasStatus(404);
		}

		@Test
		void startsAndChangesReplays() {
			EndpointsTests.this.flaky.fails.set(false);
			EndpointsTests.this.bus.publishAll(Collections.nCopies(20, "k")
				.stream()
				.map((key) -> Event.of("order.placed", "again").withKey(key))
				.toList());
			assertThat(EndpointsTests.this.mvc.post()
				.uri("/actuator/eventreplays")
				.contentType(MediaType.APPLICATION_JSON)
				.content("{\"subscriber\":\"flaky\",\"type\":\"order.*, user.**\",\"dryRun\":true}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.byType['order.placed']")
				.isNotNull();
			assertThat(EndpointsTests.this.mvc.post()
				.uri("/actuator/eventreplays")
				.contentType(MediaType.APPLICATION_JSON)
				.content("{\"subscriber\":\"flaky\",\"rate\":0.5,\"from\":\"2020-01-01T00:00:00Z\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.state")
				.isEqualTo("RUNNING");
			String uri = "/actuator/eventreplays/" + EndpointsTests.this.bus.replays().list().get(0).id();
			for (String action : new String[] { "pause", "resume", "cancel" }) {
				assertThat(EndpointsTests.this.mvc.post().uri(uri + "/" + action)).hasStatusOk()
					.bodyJson()
					.extractingPath("$.changed")
					.isEqualTo(true);
			}
			assertThat(EndpointsTests.this.mvc.post().uri(uri + "/cancel")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.changed")
				.isEqualTo(false);
			assertThat(EndpointsTests.this.mvc.post().uri(uri + "/other")).hasStatus(404);
		}

		@Test
		void refusesReplaysThatAreNotPossibleSayingWhy() {
			assertNoReplay("{}", "say to which subscriber");
			assertNoReplay("{\"subscriber\":\"unknown\"}", "There is no subscription 'unknown'");
			assertNoReplay("{\"subscriber\":\"flaky\",\"from\":\"noon\"}", "from is 'noon', which is not a time");
			assertNoReplay("{\"subscriber\":\"flaky\",\"type\":\"a..b\"}", "a..b");
			assertNoReplay("{\"subscriber\":\"flaky\",\"rate\":0}", "rate is 0");
			assertThat(EndpointsTests.this.mvc.post().uri("/actuator/eventreplays")).hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.asString()
				.contains("Content-Type");
		}

		@Test
		void refusesParametersThatItDoesNotKnow() {
			assertNoReplay("{\"subscriber\":\"flaky\",\"organisation\":\"acme\"}",
					"unknown parameter organisation; known are subscriber, type, from, to, source, key, organization");
			assertThat(EndpointsTests.this.bus.replays().list()).noneMatch((replay) -> !replay.state().isFinal());
			UUID id = deadLetter();
			assertThat(EndpointsTests.this.mvc.delete().uri("/actuator/eventdlq?type=**&subscriptoin=other"))
				.hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.isEqualTo("unknown parameter subscriptoin; known are subscription, type");
			assertThat(EndpointsTests.this.mvc.post()
				.uri("/actuator/eventdlq/" + id)
				.contentType(MediaType.APPLICATION_JSON)
				.content("{\"dta\":\"{}\"}")).hasStatus(400);
			assertThat(deadLetter()).isEqualTo(id);
		}

		private void assertNoReplay(String body, String message) {
			assertThat(EndpointsTests.this.mvc.post()
				.uri("/actuator/eventreplays")
				.contentType(MediaType.APPLICATION_JSON)
				.content(body)).as(body)
				.hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.asString()
				.contains(message);
		}

		@Test
		void wantsAFilterForBulkOperations() {
			assertThat(EndpointsTests.this.mvc.delete().uri("/actuator/eventdlq")).hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.isEqualTo("say which dead letters: give subscription, type or both (type=** for all)");
			assertThat(EndpointsTests.this.mvc.post().uri("/actuator/eventdlq").contentType(MediaType.APPLICATION_JSON))
				.hasStatus(400);
			assertThat(EndpointsTests.this.bus.deadLetters().count(ALL)).isEqualTo(1);
		}

		@Test
		void doesNotKnowOtherIds() {
			String uri = "/actuator/eventdlq/" + UUID.randomUUID();
			assertThat(EndpointsTests.this.mvc.post().uri(uri)).hasStatus(404);
			assertThat(EndpointsTests.this.mvc.delete().uri(uri)).hasStatus(404);
			assertThat(EndpointsTests.this.mvc.post().uri(uri + "/skip")).hasStatus(404);
			assertThat(EndpointsTests.this.mvc.post().uri("/actuator/eventdlq/nonsense")).hasStatus(400);
		}

	}

	static class Flaky {

		final AtomicBoolean fails = new AtomicBoolean();

		volatile String last = "";

		@EventSubscriber(value = "order.placed", id = "flaky", maxAttempts = 1)
		void on(Object data) {
			if (this.fails.get()) {
				throw new IllegalStateException("cannot take " + data + "\nsecret line",
						new IllegalArgumentException("secret: " + data));
			}
			this.last = String.valueOf(data);
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Flaky.class, OpenToAll.class })
	static class Application {

	}

}
