package dev.events.sample;

import java.util.Map;
import java.util.UUID;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Once through the application on PostgreSQL: its own SQL works there too.
 */
@SampleTest
@ActiveProfiles("postgres")
class PostgresTests {

	@Autowired
	private SampleClient client;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		PostgresDatabase database = PostgresServer.shared().createDatabase();
		registry.add("spring.datasource.url", database::jdbcUrl);
		registry.add("spring.datasource.username", database::user);
		registry.add("spring.datasource.password", database::password);
	}

	@Test
	void everyPluginReacts() {
		UUID user = this.client.register("michael@postgres.example", "Michael");
		UUID other = this.client.register("michael+2@postgres.example", "Michael again");
		UUID order = this.client.order(user, "19.96", "flaky elephant");
		this.client.post("/users", Map.of("email", "michael@spam.example", "name", "Michael"))
			.expectStatus()
			.isEqualTo(422);

		eventually(() -> assertThat(this.client.values("/mails", "recipient"))
			.containsExactlyInAnyOrder("michael@postgres.example", "michael+2@postgres.example"));
		eventually(() -> assertThat(this.client.values("/search?q=ELEPHANT", "id")).containsExactly(order.toString()));
		eventually(() -> assertThat(this.client.json("/users/" + user + "/links").path(0).asString(""))
			.isEqualTo(other.toString()));
		eventually(() -> assertThat(this.client.json("/orders/" + order).path("status").asString()).isEqualTo("PAID"));
		eventually(() -> assertThat(this.client.values("/audit", "type")).containsExactlyInAnyOrder("user.registered",
				"user.registered", "order.placed", "user.linked", "order.paid"));
	}

}
