package dev.events.sample;

import java.util.Map;
import java.util.UUID;

import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Once through the application with its events in Redis.
 */
@SampleTest
@ActiveProfiles("redis")
class RedisTests {

	@Autowired
	private SampleClient client;

	@DynamicPropertySource
	static void redis(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", () -> "jdbc:h2:mem:redis;DB_CLOSE_DELAY=-1");
		registry.add("spring.data.redis.host", RedisServer.shared()::host);
		registry.add("spring.data.redis.port", RedisServer.shared()::port);
		registry.add("events.redis.key-prefix", () -> "sample-" + UUID.randomUUID());
	}

	@Test
	void everyPluginReacts() {
		UUID user = this.client.register("michael@redis.example", "Michael");
		UUID other = this.client.register("michael+2@redis.example", "Michael again");
		UUID order = this.client.order(user, "19.96", "flaky elephant");
		this.client.post("/users", Map.of("email", "michael@spam.example", "name", "Michael"))
			.expectStatus()
			.isEqualTo(422);

		eventually(() -> assertThat(this.client.values("/mails", "recipient"))
			.containsExactlyInAnyOrder("michael@redis.example", "michael+2@redis.example"));
		eventually(() -> assertThat(this.client.values("/search?q=ELEPHANT", "id")).containsExactly(order.toString()));
		eventually(() -> assertThat(this.client.json("/users/" + user + "/links").path(0).asString(""))
			.isEqualTo(other.toString()));
		eventually(() -> assertThat(this.client.json("/orders/" + order).path("status").asString()).isEqualTo("PAID"));
		eventually(() -> assertThat(this.client.values("/audit", "type")).containsExactlyInAnyOrder("user.registered",
				"user.registered", "order.placed", "user.linked", "order.paid"));
	}

}
