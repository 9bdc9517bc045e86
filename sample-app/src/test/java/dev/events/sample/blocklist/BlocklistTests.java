package dev.events.sample.blocklist;

import java.util.Map;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of cancelling events.
 */
@SampleTest
class BlocklistTests {

	@Autowired
	private SampleClient client;

	@Autowired
	private JdbcClient jdbc;

	@Test
	void aCancelledRegistrationLeavesNeitherUserNorEvent() {
		long cancelled = this.client.json("/actuator/events").at("/totals/cancelled").asLong();

		this.client.post("/users", Map.of("email", "eve@SPAM.example", "name", "Eve"))
			.expectStatus()
			.isEqualTo(422)
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("We do not take addresses of spam.example");

		assertThat(this.jdbc.sql("select count(*) from users where name = 'Eve'").query(Integer.class).single())
			.isZero();
		assertThat(this.client.json("/actuator/events/user.registered?limit=1000").toString()).doesNotContain("Eve");
		assertThat(this.client.json("/actuator/events").at("/totals/cancelled").asLong()).isEqualTo(cancelled + 1);
	}

	@Test
	void aCancelledChangeIsTakenBack() {
		UUID id = this.client.register("mallory@good.example", "Mallory");

		this.client.put("/users/" + id, Map.of("email", "mallory@spam.example", "name", "Mallory"))
			.expectStatus()
			.isEqualTo(422);

		assertThat(this.client.json("/users/" + id).path("email").asString()).isEqualTo("mallory@good.example");
	}

}
