package dev.events.sample.search;

import java.util.Map;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the search index.
 */
@SampleTest
class SearchTests {

	@Autowired
	private SampleClient client;

	@Autowired
	private JdbcClient jdbc;

	@Test
	void whatIsRegisteredAndOrderedIsFound() {
		UUID user = this.client.register("edsger@search.example", "Edsger");
		UUID order = this.client.order(user, "9.90", "semaphore", "goto remover");

		eventually(() -> assertThat(this.client.values("/search?q=EDSGER", "id")).containsExactly("" + user));
		eventually(() -> assertThat(this.client.values("/search?q=semaphore", "id")).containsExactly("" + order));
	}

	@Test
	void theIndexEndsWithTheLastOfManyChanges() {
		UUID id = this.client.register("name0@changes.example", "Name 0");
		for (int i = 1; i <= 20; i++) {
			this.client.put("/users/" + id, Map.of("email", "name" + i + "@changes.example", "name", "Name " + i))
				.expectStatus()
				.isOk();
		}

		eventually(() -> assertThat(this.client.values("/search?q=changes.example", "text"))
			.containsExactly("Name 20 <name20@changes.example>"));
	}

	@Test
	void aLostIndexIsRebuiltByAReplay() {
		UUID user = this.client.register("grace@rebuilt.example", "Grace");
		this.client.put("/users/" + user, Map.of("email", "admiral@rebuilt.example", "name", "Grace"))
			.expectStatus()
			.isOk();
		eventually(() -> assertThat(this.client.values("/search?q=admiral", "id")).containsExactly("" + user));
		this.jdbc.sql("delete from search_index").update();
		assertThat(this.client.values("/search?q=rebuilt.example", "id")).isEmpty();

		this.client.post("/actuator/eventreplays", Map.of("subscriber", "search-users", "key", "" + user))
			.expectStatus()
			.isOk();

		eventually(() -> assertThat(this.client.values("/search?q=rebuilt.example", "text"))
			.containsExactly("Grace <admiral@rebuilt.example>"));
	}

	@Test
	void aPaymentIsNeverCollectedAgain() {
		this.client.post("/actuator/eventreplays", Map.of("subscriber", "payment")).expectStatus().isBadRequest();
	}

	@Test
	void aWildcardOfSqlIsNothingSpecial() {
		assertThat(this.client.values("/search?q=_", "id")).isEmpty();
	}

}
