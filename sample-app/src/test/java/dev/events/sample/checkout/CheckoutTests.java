package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of checkouts over HTTP.
 */
@SampleTest
class CheckoutTests {

	@Autowired
	private SampleClient client;

	private JsonNode ended(UUID id) {
		eventually(() -> {
			this.client.get("/checkouts/" + id).expectStatus().isOk();
			assertThat(this.client.json("/checkouts/" + id).path("status").asString()).isNotEqualTo("RUNNING");
		});
		return this.client.json("/checkouts/" + id);
	}

	private void assertLedger(UUID id, String... entries) {
		eventually(() -> assertThat(
				this.client.json("/checkouts/" + id).path("ledger").valueStream().map((entry) -> entry.asString()))
			.containsExactly(entries));
	}

	@Test
	void isPaidAndReserved() {
		UUID id = this.client.checkout("19.90", "lamp");
		assertThat(ended(id).path("status").asString()).isEqualTo("COMPLETED");
		assertLedger(id, "PAYMENT", "RESERVATION");
	}

	@Test
	void isRefundedWhenSomethingIsMissing() {
		UUID id = this.client.checkout("19.90", "lamp", "rare book");
		JsonNode ended = ended(id);
		assertThat(ended.path("status").asString()).isEqualTo("COMPENSATED");
		assertThat(ended.path("reason").asString()).isEqualTo("out of stock: rare book");
		assertLedger(id, "PAYMENT", "REFUND");
		JsonNode saga = this.client.json("/actuator/eventsagas/checkout/" + id);
		assertThat(saga.path("completedSteps").valueStream().map((step) -> step.asString()))
			.containsExactly("checkout.started", "payment.completed");
		assertThat(saga.at("/state/items/1").asString()).isEqualTo("rare book");
	}

	@Test
	void isCancelledWhenItIsNotPaid() {
		UUID id = this.client.checkout("666.00", "lamp");
		assertThat(ended(id).path("reason").asString()).isEqualTo("not paid: declined");
		assertLedger(id);
	}

	@Test
	void unknownOneIsNotFound() {
		this.client.get("/checkouts/" + UUID.randomUUID()).expectStatus().isNotFound();
	}

}
