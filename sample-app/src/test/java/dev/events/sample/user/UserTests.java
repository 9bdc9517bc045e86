package dev.events.sample.user;

import java.net.URI;
import java.util.Map;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of users over HTTP.
 */
@SampleTest
class UserTests {

	@Autowired
	private SampleClient client;

	@Test
	void aRegisteredUserIsFoundWhereTheAnswerSays() {
		URI location = this.client.post("/users", Map.of("email", "ada@users.example", "name", "Ada"))
			.expectStatus()
			.isCreated()
			.returnResult()
			.getResponseHeaders()
			.getLocation();

		assertThat(location).isNotNull();
		this.client.get(location.toString())
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.email")
			.isEqualTo("ada@users.example")
			.jsonPath("$.name")
			.isEqualTo("Ada");
	}

	@Test
	void whatIsWrongInARequestIsNamed() {
		this.client.post("/users", Map.of("email", "nobody", "name", " "))
			.expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(400)
			.jsonPath("$.errors.email")
			.exists()
			.jsonPath("$.errors.name")
			.exists();
	}

	@Test
	void anUnknownUserIsNotFound() {
		UUID unknown = UUID.randomUUID();
		this.client.get("/users/" + unknown)
			.expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("There is no user " + unknown);
		this.client.put("/users/" + unknown, Map.of("email", "x@users.example", "name", "X"))
			.expectStatus()
			.isNotFound();
	}

	@Test
	void anIdThatIsNoneIsABadRequest() {
		this.client.get("/users/1").expectStatus().isBadRequest();
	}

	@Test
	void aTakenAddressIsAConflictAndLeavesNoEvent() {
		UUID first = this.client.register("grace@users.example", "Grace");

		this.client.post("/users", Map.of("email", "grace@users.example", "name", "Grace again"))
			.expectStatus()
			.isEqualTo(409);

		assertThat(this.client.values("/users/" + first + "/events", "type")).containsExactly("user.registered");
		assertThat(this.client.json("/actuator/events/user.registered?limit=1000").toString())
			.doesNotContain("Grace again");
	}

	@Test
	void theEventLogTellsWhatHappenedToAUser() {
		UUID id = this.client.register("alan@users.example", "Alan");
		this.client.put("/users/" + id, Map.of("email", "alan@users.example", "name", "Alan T.")).expectStatus().isOk();

		assertThat(this.client.values("/users/" + id + "/events", "type")).containsExactly("user.registered",
				"user.updated");
		assertThat(this.client.values("/users/" + id + "/events", "source")).containsOnly("sample");
	}

}
