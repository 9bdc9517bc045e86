package dev.events.sample.address;

import java.util.Map;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of addresses, and of forgetting them.
 */
@SampleTest
class AddressTests {

	@Autowired
	private SampleClient client;

	@Autowired
	private JdbcClient jdbc;

	@Test
	void addressesAreEncryptedAndCanBeForgotten() {
		UUID id = this.client.register("ada@addresses.example", "Ada");
		UUID other = this.client.register("grace@addresses.example", "Grace");
		move(id, "Elm Street 1").expectStatus().isNoContent();
		move(other, "Oak Street 2").expectStatus().isNoContent();
		assertThat(this.client.values("/users/" + id + "/addresses", "street")).containsExactly("Elm Street 1");
		assertThat(this.jdbc.sql("select data from event_store where event_type = 'address.changed'")
			.query(String.class)
			.list()).isNotEmpty()
			.noneMatch((data) -> data.contains("Street"))
			.anyMatch((data) -> data.contains(id.toString()));

		this.client.delete("/users/" + id + "/addresses").expectStatus().isNoContent();

		assertThat(this.client.values("/users/" + id + "/addresses", "erased")).containsExactly("true");
		assertThat(this.client.values("/users/" + other + "/addresses", "street")).containsExactly("Oak Street 2");
		move(id, "Elm Street 3").expectStatus().isEqualTo(410);
	}

	private RestTestClient.ResponseSpec move(UUID id, String street) {
		return this.client.put("/users/" + id + "/addresses", Map.of("street", street, "city", "Vienna"));
	}

}
