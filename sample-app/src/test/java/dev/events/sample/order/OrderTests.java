package dev.events.sample.order;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of orders over HTTP.
 */
@SampleTest
class OrderTests {

	@Autowired
	private SampleClient client;

	@Test
	void anOrderIsKeptAsPlaced() {
		UUID user = this.client.register("leslie@orders.example", "Leslie");
		UUID id = this.client.order(user, "0.10", "clock", "general");

		JsonNode order = this.client.json("/orders/" + id);

		assertThat(order.path("userId").asString()).isEqualTo(user.toString());
		assertThat(order.path("amount").decimalValue()).isEqualByComparingTo("0.10");
		assertThat(order.path("items").valueStream().map((item) -> item.asString())).containsExactly("clock",
				"general");
	}

	@Test
	void anUnknownOrderIsNotFound() {
		this.client.get("/orders/" + UUID.randomUUID()).expectStatus().isNotFound();
	}

	@Test
	void anOrderOfNobodyIsRefused() {
		this.client.post("/orders", Map.of("userId", UUID.randomUUID(), "amount", "1.00", "items", List.of("lamp")))
			.expectStatus()
			.isEqualTo(422);
	}

	@Test
	void whatIsWrongInARequestIsNamed() {
		this.client.post("/orders", Map.of("userId", UUID.randomUUID(), "amount", "1.005", "items", List.of()))
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.errors.amount")
			.exists()
			.jsonPath("$.errors.items")
			.exists();
	}

}
