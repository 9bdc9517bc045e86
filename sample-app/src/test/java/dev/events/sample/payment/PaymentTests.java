package dev.events.sample.payment;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of retries and of the dead letter queue, as an operator sees them.
 */
@SampleTest
class PaymentTests {

	@Autowired
	private SampleClient client;

	@Test
	void anOrderIsPaidAtTheFirstAttempt() {
		UUID order = order("kay@payment.example", "lamp");

		awaitPaid(order);
		assertThat(attempt(order)).isEqualTo(1);
	}

	@Test
	void aFlakyProviderIsAskedAgain() {
		UUID order = order("peter@payment.example", "flaky lamp");

		awaitPaid(order);
		assertThat(attempt(order)).isEqualTo(3);
		assertThat(deadLetters(order)).isEmpty();
	}

	@Test
	void whatFailsAlwaysBecomesADeadLetterAndCanBeRetriedOrDiscarded() {
		UUID order = order("niklaus@payment.example", "broken lamp");

		eventually(() -> assertThat(deadLetters(order)).hasSize(1));
		JsonNode letter = deadLetters(order).get(0);
		assertThat(letter.path("attempts").asInt()).isEqualTo(4);
		assertThat(letter.path("errorMessage").asString()).isEqualTo("No answer from the payment provider, attempt 4");

		this.client.post("/actuator/eventdlq/" + letter.path("id").asString(), Map.of()).expectStatus().isOk();
		eventually(() -> assertThat(deadLetters(order)).hasSize(1)
			.first()
			.satisfies((again) -> assertThat(again.path("lastFailedAt")).isNotEqualTo(letter.path("lastFailedAt"))));

		this.client.delete("/actuator/eventdlq/" + deadLetters(order).get(0).path("id").asString())
			.expectStatus()
			.isOk();
		assertThat(deadLetters(order)).isEmpty();
		assertThat(this.client.json("/orders/" + order).path("status").asString()).isEqualTo("PLACED");
	}

	@Test
	void aDeadLetterHoldsUpNobodyElse() {
		order("frances@payment.example", "broken lamp");
		UUID other = order("john@payment.example", "lamp");

		awaitPaid(other);
	}

	private UUID order(String email, String item) {
		return this.client.order(this.client.register(email, "Somebody"), "12.50", item);
	}

	private void awaitPaid(UUID order) {
		eventually(() -> assertThat(this.client.json("/orders/" + order).path("status").asString()).isEqualTo("PAID"));
	}

	private int attempt(UUID order) {
		return this.client.json("/payments")
			.valueStream()
			.filter((payment) -> payment.path("orderId").asString().equals(order.toString()))
			.findFirst()
			.orElseThrow()
			.path("attempt")
			.asInt();
	}

	private List<JsonNode> deadLetters(UUID order) {
		return this.client.json("/actuator/eventdlq?subscription=payment&size=1000")
			.path("deadLetters")
			.valueStream()
			.filter((letter) -> letter.at("/event/key").asString().equals(order.toString()))
			.toList();
	}

}
