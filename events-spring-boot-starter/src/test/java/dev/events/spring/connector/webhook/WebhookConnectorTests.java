package dev.events.spring.connector.webhook;

import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.events.Event;
import dev.events.NonRetryableEventException;
import dev.events.RetryLaterException;
import dev.events.connector.InvalidConfigException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class WebhookConnectorTests {

	private static final String OTHER_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

	private final WebhookSettings settings = new WebhookSettings(true, true, List.of(), Duration.ofSeconds(5),
			Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofDays(1));

	private final SettableClock clock = new SettableClock();

	private final WebhookConnector connector = new WebhookConnector(this.settings, SystemDefaultDnsResolver.INSTANCE,
			this.clock);

	private final Receiver receiver = new Receiver(Receiver.status(200));

	@AfterEach
	void close() throws Exception {
		this.receiver.close();
		this.connector.close();
	}

	private static WebhookConfig config(String url, WebhookConfig.@Nullable Format format,
			@Nullable Map<String, String> headers, @Nullable Duration timeout) {
		return new WebhookConfig(url, Receiver.SECRET, null, format, headers, timeout, null);
	}

	private Deliveries deliveries() {
		return new Deliveries(this.connector, config(this.receiver.url(), null, null, null));
	}

	private Deliveries deliveries(Duration timeout) {
		return new Deliveries(this.connector, config(this.receiver.url(), null, null, timeout));
	}

	private Receiver.Request only() {
		assertThat(this.receiver.requests).hasSize(1);
		return this.receiver.requests.get(0);
	}

	@Test
	void sendsSignedCloudEvents() throws Exception {
		Event<JsonNode> event = deliveries().deliver();
		Receiver.Request request = only();
		assertThat(request.method()).isEqualTo("POST");
		assertThat(request.uri()).isEqualTo("/hooks?token=hidden-token");
		assertThat(request.header("content-type")).isEqualTo("application/cloudevents+json; charset=UTF-8");
		assertThat(request.header("webhook-id")).isEqualTo(event.id().toString());
		new Webhook(Receiver.SECRET).verify(request.body(), request.headers());
		assertThat(JsonMapper.shared().readTree(request.body())).isEqualTo(JsonMapper.shared()
			.readTree("""
					{"specversion": "1.0", "id": "%s", "source": "web%%20shop", "type": "order.placed", "time": "%s",
					 "datacontenttype": "application/json", "dataversion": "1.0.0", "partitionkey": "key-1",
					 "organization": "acme", "data": {"amount": 12.5, "ü": [1]}}""".formatted(event.id(),
					event.timestamp())));
		assertThat(request.body()).contains("12.50").doesNotContain("secret");
	}

	@Test
	void sendsTheDataAlone() throws Exception {
		new Deliveries(this.connector, config(this.receiver.url(), WebhookConfig.Format.DATA, null, null)).deliver();
		assertThat(only().body()).isEqualTo("{\"amount\":12.50,\"ü\":[1]}");
		assertThat(only().header("content-type")).isEqualTo("application/json");
		new Webhook(Receiver.SECRET).verify(only().body(), only().headers());
	}

	@Test
	void signsWithTwoSecretsWhileTheyChange() throws Exception {
		new Deliveries(this.connector, new WebhookConfig(this.receiver.url(), null,
				List.of(OTHER_SECRET, Receiver.SECRET), null, null, null, null))
			.deliver();
		new Webhook(Receiver.SECRET).verify(only().body(), only().headers());
		new Webhook(OTHER_SECRET).verify(only().body(), only().headers());
		assertThatExceptionOfType(WebhookVerificationException.class)
			.isThrownBy(() -> new Webhook("whsec_" + "A".repeat(32)).verify(only().body(), only().headers()));
	}

	@Test
	void sendsFurtherHeaders() throws Exception {
		new Deliveries(this.connector,
				config(this.receiver.url(), null, Map.of("Authorization", "Bearer t", "X-Tenant", "a"), null))
			.deliver();
		assertThat(only().header("authorization")).isEqualTo("Bearer t");
		assertThat(only().header("x-tenant")).isEqualTo("a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host", "content-length", "Webhook-Id", "webhook-signature", "Transfer-Encoding",
			"Connection", "Content-Type", "Proxy-Authorization", "with space", "a:b", "" })
	void refusesHeadersThatAreNotForSubscriptions(String name) {
		assertThatExceptionOfType(InvalidConfigException.class)
			.isThrownBy(() -> config("https://example.org/", null, Map.of(name, "value"), null))
			.withMessageStartingWith("headers");
	}

	@Test
	void refusesHeaderValuesWithLineBreaks() {
		assertThatExceptionOfType(InvalidConfigException.class)
			.isThrownBy(() -> config("https://example.org/", null, Map.of("X-A", "a\r\nHost: b"), null))
			.withMessageStartingWith("headers.X-A must be")
			.withMessageNotContaining("Host: b");
	}

	@Test
	void doesNotFollowRedirects() {
		for (int status : new int[] { 301, 302, 303, 307, 308 }) {
			this.receiver.answer(Receiver.status(status, "Location", this.receiver.url()));
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> deliveries().deliver())
				.withMessageContaining("HTTP status " + status);
		}
		assertThat(this.receiver.requests).hasSize(5);
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 404, 422, 429, 500, 503 })
	void triesAgainWhateverWasRefused(int status) {
		this.receiver.answer(Receiver.status(status));
		Throwable error = catchThrowable(() -> deliveries().deliver());
		assertThat(error).isNotInstanceOf(NonRetryableEventException.class)
			.isNotInstanceOf(RetryLaterException.class)
			.hasMessage("Webhook to http://localhost:" + this.receiver.port() + " failed: HTTP status " + status
					+ ": answer " + status);
	}

	@Test
	void honoursRetryAfter() {
		this.receiver.answer(Receiver.status(429, "Retry-After", "120"));
		assertThat(retryLater()).isEqualTo(Duration.ofSeconds(120));
		this.clock.now = Instant.parse("2026-11-25T10:00:00Z");
		this.receiver.answer(Receiver.status(503, "Retry-After", "Wed, 25 Nov 2026 10:05:00 GMT"));
		assertThat(retryLater()).isEqualTo(Duration.ofMinutes(5));
		this.receiver.answer(Receiver.status(503, "Retry-After", "Wed, 25 Nov 2026 09:00:00 GMT"));
		assertThat(retryLater()).isZero();
		this.receiver.answer(Receiver.status(503, "Retry-After", "999999999"));
		assertThat(retryLater()).isEqualTo(RetryLaterException.MAX_DELAY);
		this.receiver.answer(Receiver.status(503, "Retry-After", "soon"));
		assertThat(catchThrowable(() -> deliveries().deliver())).isNotInstanceOf(RetryLaterException.class);
	}

	private Duration retryLater() {
		return ((RetryLaterException) catchThrowable(() -> deliveries().deliver())).delay();
	}

	@Test
	void suspendsWhenTheReceiverIsGone() {
		this.receiver.answer(Receiver.status(410));
		Deliveries deliveries = deliveries();
		assertThatExceptionOfType(RetryLaterException.class).isThrownBy(deliveries::deliver);
		assertThat(deliveries.suspensions).containsExactly("The receiver answered 410 Gone: it wants no more events");
	}

	@Test
	void suspendsAfterFailureWithoutEnd() throws Exception {
		Deliveries deliveries = deliveries();
		this.receiver.answer(Receiver.status(500));
		fail(deliveries, FailureStreak.MIN_ATTEMPTS);
		this.clock.now = this.clock.now.plus(Duration.ofDays(1));
		this.receiver.answer(Receiver.status(200));
		deliveries.deliver();
		this.receiver.answer(Receiver.status(500));
		fail(deliveries, 1);
		this.clock.now = this.clock.now.plus(Duration.ofDays(1));
		fail(deliveries, FailureStreak.MIN_ATTEMPTS - 2);
		assertThat(deliveries.suspensions).isEmpty();
		assertThat(deliveries.connection.details()).containsEntry("failedAttempts", 9);
		fail(deliveries, 1);
		assertThat(deliveries.suspensions).singleElement()
			.asString()
			.startsWith("The receiver does not take events: 10 attempts since ")
			.endsWith("on this node, and none succeeded; last: HTTP status 500");
		fail(deliveries, FailureStreak.MIN_ATTEMPTS);
		assertThat(deliveries.suspensions).as("it gets as long again").hasSize(1);
	}

	private static void fail(Deliveries deliveries, int times) {
		for (int i = 0; i < times; i++) {
			assertThatExceptionOfType(Exception.class).isThrownBy(deliveries::deliver);
		}
	}

	@Test
	void givesUpWhenTheReceiverIsSlow() {
		this.receiver.answer((exchange) -> this.receiver.closing.await());
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> deliveries(Duration.ofMillis(300)).deliver())
			.withMessageContaining("no answer")
			.havingCause()
			.withMessage("No answer within 300 ms");
	}

	/** Each byte comes before the read timeout has passed. */
	@Test
	void givesUpWhenTheAnswerDribbles() {
		this.receiver.answer((exchange) -> {
			exchange.sendResponseHeaders(500, 0);
			OutputStream body = exchange.getResponseBody();
			while (!this.receiver.closing.await(20, TimeUnit.MILLISECONDS)) {
				body.write('.');
				body.flush();
			}
		});
		long start = System.nanoTime();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> deliveries(Duration.ofMillis(500)).deliver())
			.withMessageContaining("HTTP status 500");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
	}

	@Test
	void whatWasTakenWasTakenThoughTheAnswerDoesNotEnd() throws Exception {
		this.receiver.answer((exchange) -> {
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().flush();
			this.receiver.closing.await();
		});
		deliveries(Duration.ofMillis(500)).deliver();
	}

	@Test
	void canBeInterrupted() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		this.receiver.answer((exchange) -> {
			called.countDown();
			this.receiver.closing.await();
		});
		Deliveries deliveries = deliveries();
		CompletableFuture<Throwable> thrown = new CompletableFuture<>();
		Thread thread = new Thread(() -> thrown.complete(catchThrowable(deliveries::deliver)));
		thread.start();
		assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
		thread.interrupt();
		assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 500 })
	void readsLittleOfALargeAnswer(int status) {
		this.receiver.answer((exchange) -> {
			exchange.sendResponseHeaders(status, 0);
			byte[] chunk = "x".repeat(8192).getBytes();
			while (this.receiver.closing.getCount() > 0) {
				exchange.getResponseBody().write(chunk); // until the connection is closed
			}
		});
		Throwable error = catchThrowable(() -> deliveries().deliver());
		if (status == 200) {
			assertThat(error).isNull();
		}
		else {
			assertThat(error).hasMessageEndingWith("x".repeat(1024)).hasMessageNotContaining("x".repeat(1025));
		}
	}

	@Test
	void keepsConnections() throws Exception {
		Deliveries deliveries = deliveries();
		for (int i = 0; i < 20; i++) {
			this.receiver.answer(Receiver.status((i % 2 == 0) ? 200 : 500));
			catchThrowable(deliveries::deliver);
		}
		assertThat(this.receiver.requests.stream().map(Receiver.Request::port).collect(Collectors.toSet())).hasSize(1);
	}

	@Test
	void slowReceiversDoNotDelayOthers() throws Exception {
		this.receiver.answer((exchange) -> this.receiver.closing.await());
		Deliveries slow = deliveries();
		ExecutorService threads = Executors.newCachedThreadPool();
		try (Receiver other = new Receiver(Receiver.status(204))) {
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				calls.add(threads.submit(slow::deliver));
			}
			await().until(() -> this.receiver.requests.size() == 60);
			new Deliveries(this.connector, config(other.url(), null, null, Duration.ofSeconds(10))).deliver();
			assertThat(other.requests).hasSize(1);
			calls.forEach((call) -> call.cancel(true));
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void tellsWhatHappenedWithoutSecrets() {
		Deliveries deliveries = new Deliveries(this.connector,
				config(this.receiver.url(), null, Map.of("Authorization", "hidden-header"), null));
		assertThat(deliveries.connection.details())
			.isEqualTo(Map.of("receiver", "http://localhost:" + this.receiver.port()));
		this.receiver.answer(Receiver.status(503));
		assertThatExceptionOfType(Exception.class).isThrownBy(deliveries::deliver).withMessageNotContaining("hidden");
		assertThat(deliveries.connection.details()).containsEntry("lastStatus", 503)
			.containsEntry("lastProblem", "HTTP status 503")
			.containsEntry("failingSince", this.clock.now.toString())
			.containsEntry("failedAttempts", 1)
			.containsKeys("lastCall", "lastCallMillis");
		assertThat(deliveries.connection.details().toString()).doesNotContain("hidden").doesNotContain("answer");
		assertThat(config("https://example.org/hidden", null, Map.of("A", "hidden"), null).toString())
			.doesNotContain("hidden")
			.doesNotContain("whsec");
		assertThat(this.connector.secretFields()).contains("secret", "secrets", "headers");
	}

	@Test
	void showsOfAUrlOnlyWhereItLeads() {
		assertThat(this.connector.shown("url", "https://hooks.example.org/services/T0/B0/XyZ"))
			.isEqualTo("https://hooks.example.org/******");
		assertThat(this.connector.shown("url", "https://example.org:8443?token=t"))
			.isEqualTo("https://example.org:8443/******");
		assertThat(this.connector.shown("url", "https://me:pass@example.org/")).isEqualTo("https://******@example.org");
		assertThat(this.connector.shown("url", "https://example.org/")).isEqualTo("https://example.org");
		assertThat(this.connector.shown("url", "https://[2001:db8::1]/a")).isEqualTo("https://[2001:db8::1]/******");
		for (String broken : List.of("hooks.example.org/secret", "https://a b/secret", "https:///secret", "")) {
			assertThat(this.connector.shown("url", broken)).isEqualTo("******");
		}
		assertThat(this.connector.shown("format", "data")).isEqualTo("data");
	}

	@Test
	void wantsASecret() {
		assertThatExceptionOfType(InvalidConfigException.class)
			.isThrownBy(() -> new WebhookConfig("https://example.org/", null, null, null, null, null, null))
			.withMessage("secret is missing; webhooks are always signed");
	}

	private static final class SettableClock extends Clock {

		volatile Instant now = Instant.now();

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(java.time.ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return this.now;
		}

	}

}
