package dev.events.sample.partner;

import java.util.Map;
import java.util.UUID;

import dev.events.EventBus;
import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of subscriptions that are data.
 */
@SampleTest
class PartnerTests {

	private static final String ENDPOINT = "/actuator/eventsubscriptions";

	@Autowired
	private SampleClient client;

	@Autowired
	private EventBus events;

	@Autowired
	private PartnerProperties properties;

	@LocalServerPort
	private int port;

	@AfterEach
	void delete() {
		this.events.subscriptions().delete("partner");
	}

	private void create(String type, String patterns, String config) {
		this.client.post(ENDPOINT, Map.of("id", "partner", "type", type, "patterns", patterns, "config", config))
			.expectStatus()
			.isOk();
		eventually(() -> assertThat(state()).isEqualTo("ACTIVE"));
	}

	private String state() {
		return this.client.json(ENDPOINT + "/partner").path("state").asString();
	}

	private void createWebhook(String secret) {
		create("webhook", "order.placed",
				"""
						{"url": "http://localhost:%s/partner/messages", "secret": "%s", "delivery": {"maxAttempts": 2, "initialDelay": "PT0.1S"}}"""
					.formatted(this.port, secret));
	}

	@Test
	void thePartnerGetsSignedEventsAndNoneWhilePaused() {
		createWebhook(this.properties.secret());
		UUID user = this.client.register("ada@partner.example", "Ada");
		UUID first = this.client.order(user, "10.00", "lamp");
		eventually(() -> assertThat(messages()).contains(first.toString()));

		this.client.post(ENDPOINT + "/partner/pause", Map.of("note", "they are moving")).expectStatus().isOk();
		eventually(() -> assertThat(this.client.json(ENDPOINT + "/partner").path("owners")).isEmpty());
		UUID second = this.client.order(user, "20.00", "lamp");
		assertThat(state()).isEqualTo("PAUSED");
		assertThat(messages()).doesNotContain(second.toString());

		this.client.post(ENDPOINT + "/partner/resume", Map.of()).expectStatus().isOk();
		eventually(() -> assertThat(messages()).contains(second.toString()));
	}

	private String messages() {
		return this.client.json("/partner/messages").toString();
	}

	@Test
	void thePartnerRefusesWhatIsNotSignedWithItsSecret() {
		createWebhook("whsec_" + "A".repeat(32));
		UUID order = this.client.order(this.client.register("eve@partner.example", "Eve"), "10.00", "lamp");
		eventually(() -> assertThat(this.client.json(ENDPOINT + "/partner").path("deadLetters").asInt()).isEqualTo(1));
		assertThat(this.client.json(ENDPOINT + "/partner").at("/connection/lastStatus").asInt()).isEqualTo(401);
		assertThat(messages()).doesNotContain(order.toString());
	}

	@Test
	void theApplicationsOwnConnectorTellsByMail() {
		create("mail", "user.registered", "{\"to\": \"boss@partner.example\"}");
		this.client.register("bob@partner.example", "Bob");
		eventually(() -> assertThat(this.client.values("/mails", "recipient")).contains("boss@partner.example"));
		this.client.post(ENDPOINT, Map.of("type", "mail", "patterns", "user.*", "config", "{\"to\": \"boss\"}"))
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.message")
			.value((message) -> assertThat(message).asString().endsWith("config.to must be a mail address"));
	}

}
