package dev.events.sample.audit;

import java.util.List;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the audit log.
 */
@SampleTest
class AuditTests {

	@Autowired
	private SampleClient client;

	@Test
	void anOrderAndItsPaymentAreOneChain() {
		UUID user = this.client.register("donald@audit.example", "Donald");
		UUID order = this.client.order(user, "2.56", "reward cheque");

		eventually(() -> assertThat(entries(order)).extracting((entry) -> entry.path("type").asString())
			.containsExactly("order.paid", "order.placed"));
		List<JsonNode> entries = entries(order);
		assertThat(entries.get(0).path("correlationId")).isEqualTo(entries.get(1).path("correlationId"));
		assertThat(entries.get(0).path("request").isNull()).isTrue();
		assertThat(entries.get(1).path("request").asString()).isEqualTo("POST /orders");
	}

	@Test
	void pagesFollowOneAnother() {
		this.client.register("first@pages.example", "First");
		this.client.register("second@pages.example", "Second");
		this.client.register("third@pages.example", "Third");
		eventually(() -> assertThat(this.client.json("/audit?limit=3").size()).isEqualTo(3));

		JsonNode page = this.client.json("/audit?limit=2");
		long last = page.path(1).path("number").asLong();

		assertThat(page.size()).isEqualTo(2);
		assertThat(this.client.json("/audit?limit=1&before=" + last).path(0).path("number").asLong()).isLessThan(last);
	}

	@Test
	void aLimitOutOfRangeIsABadRequest() {
		this.client.get("/audit?limit=0")
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.errors.limit")
			.exists();
		this.client.get("/audit?limit=101").expectStatus().isBadRequest();
	}

	private List<JsonNode> entries(UUID key) {
		return this.client.json("/audit?limit=100")
			.valueStream()
			.filter((entry) -> entry.path("key").asString("").equals(key.toString()))
			.toList();
	}

}
