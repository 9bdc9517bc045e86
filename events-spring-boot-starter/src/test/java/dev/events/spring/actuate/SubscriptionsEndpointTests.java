package dev.events.spring.actuate;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventSubscriber;
import dev.events.SubscriptionDefinition;
import dev.events.SubscriptionInfo;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.connector.InvalidConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

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

@SpringBootTest(classes = SubscriptionsEndpointTests.Application.class,
		properties = { "events.store=memory", "events.delivery.poll-interval=20ms", "events.retry.initial-delay=1ms",
				"management.endpoints.web.exposure.include=*", "spring.jpa.open-in-view=false" })
@AutoConfigureMockMvc
class SubscriptionsEndpointTests {

	private static final String URI = "/actuator/eventsubscriptions";

	@Autowired
	MockMvcTester mvc;

	@Autowired
	EventBus bus;

	@Autowired
	SmsConnector sms;

	@AfterEach
	void clear() {
		this.sms.sent.clear();
		this.bus.subscriptions()
			.list()
			.stream()
			.filter((info) -> !info.type().equals("handler"))
			.forEach((info) -> this.bus.subscriptions().delete(info.id()));
	}

	private void awaitState(String id, SubscriptionInfo.State state) {
		await().until(() -> this.bus.subscriptions().find(id).orElseThrow().state() == state);
	}

	private MvcTestResult post(String uri, String body) {
		return this.mvc.post().uri(uri).contentType(MediaType.APPLICATION_JSON).content(body).exchange();
	}

	private void create() {
		this.bus.subscriptions()
			.create(SubscriptionDefinition.of("sms", "order.*")
				.withId("sms-1")
				.withConfig(Map.of("number", "+49123", "token", "hidden-token")));
		awaitState("sms-1", SubscriptionInfo.State.ACTIVE);
	}

	@Test
	void showsSubscriptionsWithoutSecrets() {
		create();
		assertThat(this.mvc.get().uri(URI)).hasStatusOk().bodyJson().satisfies((json) -> {
			json.assertThat().extractingPath("$.subscriptions[0].id").isEqualTo("inCode");
			json.assertThat().extractingPath("$.subscriptions[0].type").isEqualTo("handler");
			json.assertThat().extractingPath("$.subscriptions[0].createdFrom").isEqualTo("code");
			json.assertThat().extractingPath("$.subscriptions[1].id").isEqualTo("sms-1");
			json.assertThat().extractingPath("$.subscriptions[1].type").isEqualTo("sms");
			json.assertThat().extractingPath("$.subscriptions[1].state").isEqualTo("ACTIVE");
			json.assertThat().extractingPath("$.subscriptions[1].lag").isEqualTo(0);
			json.assertThat().extractingPath("$.subscriptions[1].deadLetters").isEqualTo(0);
			json.assertThat().doesNotHavePath("$.subscriptions[1].config");
		});
		assertThat(this.mvc.get().uri(URI + "/sms-1")).hasStatusOk().satisfies((result) -> {
			assertThat(result).bodyText().doesNotContain("hidden-token");
			assertThat(result).bodyJson().extractingPath("$.config.number").isEqualTo("+49123");
			assertThat(result).bodyJson().extractingPath("$.config.token").isEqualTo("******");
			assertThat(result).bodyJson().extractingPath("$.connection.sent").isEqualTo(0);
		});
		assertThat(this.mvc.get().uri(URI + "/inCode")).hasStatusOk();
		assertThat(this.mvc.get().uri(URI + "/other")).hasStatus(404);
	}

	@Test
	void doesNotLetOperatorsWriteByDefault() {
		assertThat(post(URI, "{}")).hasStatus(405);
		assertThat(post(URI + "/inCode/pause", "{}")).hasStatus(404);
		assertThat(this.mvc.delete().uri(URI + "/inCode")).hasStatus(405);
	}

	@Nested
	@TestPropertySource(properties = "management.endpoint.eventsubscriptions.access=unrestricted")
	class WithWriteAccess {

		@Test
		void createsChangesAndDeletes() {
			assertThat(post(URI,
					"""
							{"id": "sms-1", "type": "sms", "patterns": "order.*, user.*", "organization": "acme",
							 "partitions": 2, "config": "{\\"number\\": \\"+49123\\", \\"token\\": \\"t\\", \\"delivery\\": {\\"maxAttempts\\": 9}}"}"""))
				.hasStatusOk()
				.bodyJson()
				.satisfies((json) -> {
					json.assertThat().extractingPath("$.patterns").asArray().containsExactly("order.*", "user.*");
					json.assertThat().extractingPath("$.organization").isEqualTo("acme");
					json.assertThat().extractingPath("$.partitions").isEqualTo(2);
					json.assertThat().extractingPath("$.createdFrom").isEqualTo("actuator");
					json.assertThat().extractingPath("$.config.token").isEqualTo("******");
				});
			assertThat(post(URI + "/sms-1", "{\"organization\": \"\", \"patterns\": \"order.*\"}")).hasStatusOk()
				.bodyJson()
				.satisfies((json) -> {
					json.assertThat().extractingPath("$.patterns").asArray().containsExactly("order.*");
					json.assertThat().doesNotHavePath("$.organization");
					json.assertThat().extractingPath("$.config.number").isEqualTo("+49123");
				});
			awaitState("sms-1", SubscriptionInfo.State.ACTIVE);
			SubscriptionsEndpointTests.this.bus.publish(Event.of("order.placed", "data"));
			await().until(() -> SubscriptionsEndpointTests.this.sms.sent.contains("+49123 order.placed"));
			assertThat(SubscriptionsEndpointTests.this.mvc.delete().uri(URI + "/sms-1")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.deleted")
				.isEqualTo(1);
			assertThat(SubscriptionsEndpointTests.this.mvc.delete().uri(URI + "/sms-1")).hasStatus(404);
			assertThat(post(URI + "/sms-1", "{\"type\": \"sms\"}")).hasStatus(404);
		}

		@Test
		void pausesWithANoteAndResumes() {
			create();
			assertThat(post(URI + "/sms-1/pause", "{\"note\": \"holidays\"}")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.changed")
				.isEqualTo(true);
			assertThat(SubscriptionsEndpointTests.this.mvc.get().uri(URI + "/sms-1")).bodyJson().satisfies((json) -> {
				json.assertThat().extractingPath("$.state").isEqualTo("PAUSED");
				json.assertThat().extractingPath("$.note").isEqualTo("holidays");
			});
			SubscriptionsEndpointTests.this.bus.publish(Event.of("order.placed", "data"));
			assertThat(SubscriptionsEndpointTests.this.mvc.post().uri(URI + "/sms-1/resume")).hasStatusOk()
				.bodyJson()
				.extractingPath("$.changed")
				.isEqualTo(true);
			await().until(() -> SubscriptionsEndpointTests.this.sms.sent.size() == 1);
			assertThat(post(URI + "/sms-1/resume", "{}")).bodyJson().extractingPath("$.changed").isEqualTo(false);
			assertThat(SubscriptionsEndpointTests.this.mvc.post().uri(URI + "/sms-1/other")).hasStatus(404);
			assertThat(SubscriptionsEndpointTests.this.mvc.post().uri(URI + "/other/pause")).hasStatus(404);
		}

		@Test
		void saysWhichFieldIsWrong() {
			assertBadRequest(URI, "{}", "type is missing");
			assertBadRequest(URI, "{\"type\": \"sms\"}", "patterns is missing");
			assertBadRequest(URI, "{\"type\": \"fax\", \"patterns\": \"a\"}", "fax");
			assertBadRequest(URI,
					"{\"type\": \"sms\", \"patterns\": \"a..b\", \"config\": \"{\\\"number\\\": \\\"+4\\\"}\"}",
					"a..b");
			assertBadRequest(URI,
					"{\"type\": \"sms\", \"patterns\": \"a\", \"config\": \"{\\\"number\\\": \\\"0123\\\"}\"}",
					"config.number must be");
			assertBadRequest(URI,
					"{\"type\": \"sms\", \"patterns\": \"a\", \"config\": \"{\\\"number\\\": \\\"+4\\\", \\\"numbr\\\": 1}\"}",
					"config.numbr is not known");
			assertBadRequest(URI, "{\"type\": \"sms\", \"patterns\": \"a\", \"config\": \"number\"}",
					"config must be a JSON object");
			create();
			assertBadRequest(URI + "/sms-1",
					"{\"config\": \"{\\\"number\\\": \\\"+49\\\", \\\"token\\\": \\\"******\\\"}\"}",
					"config.token is ******");
			assertBadRequest(URI + "/inCode", "{\"patterns\": \"a\"}", "in the code");
			assertThat(SubscriptionsEndpointTests.this.mvc.delete().uri(URI + "/inCode")).hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.asString()
				.contains("is served by node");
			assertThat(SubscriptionsEndpointTests.this.mvc.post().uri(URI)).hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.asString()
				.contains("Content-Type");
		}

		private void assertBadRequest(String uri, String body, String message) {
			assertThat(post(uri, body)).as(body)
				.hasStatus(400)
				.bodyJson()
				.extractingPath("$.message")
				.asString()
				.contains(message);
		}

	}

	static class SmsConnector implements EventConnector<SmsConnector.Config> {

		final Queue<String> sent = new ConcurrentLinkedQueue<>();

		@Override
		public String type() {
			return "sms";
		}

		@Override
		public Class<Config> configType() {
			return Config.class;
		}

		@Override
		public Set<String> secretFields() {
			return Set.of("token");
		}

		@Override
		public EventConnection connect(Config config, ConnectorContext context) {
			return new EventConnection() {
				@Override
				public void deliver(Event<JsonNode> event, Delivery delivery) {
					SmsConnector.this.sent.add(config.number() + " " + event.type());
				}

				@Override
				public Map<String, Object> details() {
					return Map.of("sent", SmsConnector.this.sent.size());
				}
			};
		}

		record Config(@Nullable String number, @Nullable String token) {

			Config {
				InvalidConfigException.require(number != null && number.startsWith("+"), "number", "must be …");
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(OpenToAll.class)
	static class Application {

		@Bean
		SmsConnector smsConnector() {
			return new SmsConnector();
		}

		@Bean
		InCode inCode() {
			return new InCode();
		}

	}

	static class InCode {

		@EventSubscriber(id = "inCode", value = "other.type")
		void on(Event<Object> event) {
		}

	}

}
