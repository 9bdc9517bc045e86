package dev.events.sample;

import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Once through the application, wherever its events are.
 */
abstract class EveryPluginContract {

	@Autowired
	private SampleClient client;

	@Test
	void everyPluginReacts() {
		UUID user = this.client.register("michael@once.example", "Michael");
		UUID other = this.client.register("michael+2@once.example", "Michael again");
		UUID order = this.client.order(user, "19.96", "flaky elephant");
		this.client.post("/users", Map.of("email", "michael@spam.example", "name", "Michael"))
			.expectStatus()
			.isEqualTo(422);

		eventually(() -> assertThat(this.client.values("/mails", "recipient"))
			.containsExactlyInAnyOrder("michael@once.example", "michael+2@once.example"));
		eventually(() -> assertThat(this.client.values("/search?q=ELEPHANT", "id")).containsExactly(order.toString()));
		eventually(() -> assertThat(this.client.json("/users/" + user + "/links").path(0).asString(""))
			.isEqualTo(other.toString()));
		eventually(() -> assertThat(this.client.json("/orders/" + order).path("status").asString()).isEqualTo("PAID"));
		eventually(() -> assertThat(this.client.values("/audit", "type")).containsExactlyInAnyOrder("user.registered",
				"user.registered", "order.placed", "user.linked", "order.paid"));
	}

}
