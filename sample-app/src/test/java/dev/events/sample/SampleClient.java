package dev.events.sample;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.awaitility.core.ThrowingRunnable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Talks to the application as its users do.
 */
public class SampleClient {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final RestTestClient http;

	public SampleClient(RestTestClient http) {
		this.http = http;
	}

	public UUID register(String email, String name) {
		return id(post("/users", Map.of("email", email, "name", name)).expectStatus().isCreated());
	}

	public UUID order(UUID userId, String amount, String... items) {
		return id(post("/orders", Map.of("userId", userId, "amount", amount, "items", List.of(items))).expectStatus()
			.isCreated());
	}

	public UUID checkout(String amount, String... items) {
		return id(post("/checkouts", Map.of("amount", amount, "items", List.of(items))).expectStatus().isCreated());
	}

	public RestTestClient.ResponseSpec post(String uri, Object body) {
		return this.http.post().uri(uri).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
	}

	public RestTestClient.ResponseSpec put(String uri, Object body) {
		return this.http.put().uri(uri).contentType(MediaType.APPLICATION_JSON).body(body).exchange();
	}

	public RestTestClient.ResponseSpec delete(String uri) {
		return this.http.delete().uri(uri).exchange();
	}

	public RestTestClient.ResponseSpec get(String uri) {
		return this.http.get().uri(uri).exchange();
	}

	public JsonNode json(String uri) {
		return json(get(uri).expectStatus().isOk());
	}

	/** The values of a field, in all elements of an array. */
	public List<String> values(String uri, String field) {
		return json(uri).valueStream().map((element) -> element.path(field).asString("")).toList();
	}

	/** Waits until an assertion holds: subscribers run after the request. */
	public static void eventually(ThrowingRunnable assertion) {
		await().atMost(PATIENCE).untilAsserted(assertion);
	}

	/** As {@link #eventually}, for one of hundreds: what holds already costs no time. */
	public static void eventuallyOrAlready(ThrowingRunnable assertion) {
		await().pollDelay(Duration.ZERO).atMost(PATIENCE).untilAsserted(assertion);
	}

	private static UUID id(RestTestClient.ResponseSpec created) {
		return UUID.fromString(json(created).path("id").asString());
	}

	private static JsonNode json(RestTestClient.ResponseSpec response) {
		JsonNode body = response.expectBody(JsonNode.class).returnResult().getResponseBody();
		assertThat(body).isNotNull();
		return body;
	}

}
