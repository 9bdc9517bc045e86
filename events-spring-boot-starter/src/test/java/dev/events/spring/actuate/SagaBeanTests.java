package dev.events.spring.actuate;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventKey;
import dev.events.EventType;
import dev.events.NonRetryableEventException;
import dev.events.Saga;
import dev.events.SagaInfo.Status;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sagas that are beans, their endpoint and their meters.
 */
@SpringBootTest(classes = SagaBeanTests.Application.class,
		properties = { "events.store=memory", "events.subscribers[saga.trip].partitions=2",
				"management.endpoints.web.exposure.include=*", "spring.jpa.open-in-view=false" })
@AutoConfigureMockMvc
class SagaBeanTests {

	private static final String URI = "/actuator/eventsagas";

	@Autowired
	MockMvcTester mvc;

	@Autowired
	EventBus bus;

	@Autowired
	MeterRegistry meters;

	private void start(String key) {
		this.bus.publish(new TripBooked(key, "Ada"));
		await().until(() -> this.bus.sagas().find("trip", key).isPresent());
	}

	private void fail(String key) {
		start(key);
		this.bus.publish(Event.of("trip.broken", Map.of()).withKey(key));
		await().until(() -> this.bus.sagas().find("trip", key).orElseThrow().status() == Status.FAILED);
		await().until(() -> this.bus.stats().deadLetters() > 0);
	}

	@Test
	void beanIsRegisteredAndConfiguredAsAnySubscriber() {
		start("t-0");
		assertThat(this.bus.stats().subscriptions()).filteredOn((info) -> info.id().equals("saga.trip"))
			.singleElement()
			.satisfies((info) -> assertThat(info.partitions()).isEqualTo(2));
	}

	@Test
	void endpointShowsSagasWithoutTheirStates() {
		fail("t-1");
		assertThat(this.mvc.get().uri(URI)).hasStatusOk().bodyJson().satisfies((json) -> {
			json.assertThat().extractingPath("$.sagas[0].saga").isEqualTo("trip");
			json.assertThat().extractingPath("$.sagas[0].registered").isEqualTo(true);
			json.assertThat().hasPath("$.sagas[0].sagas.FAILED");
		});
		assertThat(this.mvc.get().uri(URI + "/trip?status=failed")).hasStatusOk().satisfies((result) -> {
			assertThat(result).bodyJson().extractingPath("$.sagas[0].key").isEqualTo("t-1");
			assertThat(result).bodyJson().extractingPath("$.sagas[0].failure.eventType").isEqualTo("trip.broken");
			assertThat(result).bodyText().doesNotContain("Ada").doesNotContain("secret reason");
		});
		assertThat(this.mvc.get().uri(URI + "/trip/t-1")).hasStatusOk().satisfies((result) -> {
			assertThat(result).bodyJson().extractingPath("$.status").isEqualTo("FAILED");
			assertThat(result).bodyJson().extractingPath("$.completedSteps[0]").isEqualTo("trip.booked");
			assertThat(result).bodyText().doesNotContain("Ada").doesNotContain("secret reason");
		});
		assertThat(this.mvc.get().uri(URI + "/trip/none")).hasStatus(404);
		assertThat(this.mvc.get().uri(URI + "/trip?status=strange")).hasStatus(400)
			.bodyText()
			.contains("status is 'strange'");
		assertThat(this.mvc.get().uri(URI + "/trip?size=0")).hasStatus(400);
		assertThat(this.mvc.post().uri(URI + "/trip/t-1/retry")).hasStatus(404);
		assertThat(this.mvc.post().uri(URI + "/trip/t-1/compensate")).hasStatus(404);
	}

	@Test
	void metersCountThem() {
		assertThat(this.meters.get("events.saga.started").tag("saga", "trip").functionCounter()).isNotNull();
		assertThat(this.meters.get("events.sagas").tag("saga", "trip").tag("status", "running").gauge()).isNotNull();
	}

	@Nested
	@TestPropertySource(properties = { "management.endpoint.eventsagas.access=unrestricted",
			"events.actuator.show-payloads=always" })
	class WithWriteAccessAndPayloads {

		@Test
		void operatorsRetryOneEventOfSeveral() {
			fail("t-3");
			UUID broken = broken("t-3");
			assertThat(post("t-3", "retry", "{\"event\": \"" + UUID.randomUUID() + "\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.changed")
				.isEqualTo(false);
			assertThat(post("t-3", "retry", "{\"event\": \"" + broken + "\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.changed")
				.isEqualTo(true);
			assertThat(post("t-3", "retry", "{\"event\": \"first\"}")).hasStatus(400);
			assertThat(post("t-3", "retry", "{\"reason\": \"why\"}")).hasStatus(400);
		}

		@Test
		void operatorsCompensate() {
			start("t-4");
			assertThat(SagaBeanTests.this.mvc.post().uri(URI + "/trip/t-4/compensate")).hasStatus(400)
				.bodyText()
				.contains("reason is missing");
			assertThat(post("t-4", "compensate", "{\"reason\": \"called off\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.changed")
				.isEqualTo(true);
			assertThat(SagaBeanTests.this.mvc.get().uri(URI + "/trip/t-4")).hasStatusOk()
				.bodyJson()
				.satisfies((json) -> {
					json.assertThat().extractingPath("$.status").isEqualTo("COMPENSATED");
					json.assertThat().extractingPath("$.reason").isEqualTo("called off");
				});
			assertThat(post("t-4", "compensate", "{\"reason\": \"again\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.changed")
				.isEqualTo(false);
			assertThat(post("none", "compensate", "{\"reason\": \"called off\"}")).hasStatus(404);
		}

		private UUID broken(String key) {
			return Objects.requireNonNull(SagaBeanTests.this.bus.sagas().find("trip", key).orElseThrow().failure())
				.eventId();
		}

		private MvcTestResult post(String key, String action, String body) {
			return SagaBeanTests.this.mvc.post()
				.uri(URI + "/trip/" + key + "/" + action)
				.contentType(MediaType.APPLICATION_JSON)
				.content(body)
				.exchange();
		}

		@Test
		void operatorsSeeTheStateAndRetry() {
			fail("t-2");
			assertThat(SagaBeanTests.this.mvc.get().uri(URI + "/trip/t-2")).hasStatusOk()
				.bodyJson()
				.satisfies((json) -> {
					json.assertThat().extractingPath("$.state.traveller").isEqualTo("Ada");
					json.assertThat().extractingPath("$.failure.message").isEqualTo("secret reason");
				});
			assertThat(SagaBeanTests.this.mvc.post().uri(URI + "/trip/t-2/retry")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.changed")
				.isEqualTo(true);
			assertThat(SagaBeanTests.this.mvc.post().uri(URI + "/trip/none/retry")).hasStatus(404);
			assertThat(SagaBeanTests.this.mvc.post().uri(URI + "/trip/t-2/stop")).hasStatus(404);
		}

	}

	@EventType("trip.booked")
	record TripBooked(@EventKey String trip, String traveller) {

	}

	record Trip(String traveller) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(OpenToAll.class)
	static class Application {

		@Bean
		Saga<Trip> trip() {
			return Saga.named("trip", Trip.class)
				.correlateBy(Event::key)
				.startsOn(TripBooked.class, (event, saga) -> new Trip(event.data().traveller()))
				.on("trip.broken", (state, event, saga) -> {
					throw new NonRetryableEventException("secret reason");
				})
				.build();
		}

	}

}
