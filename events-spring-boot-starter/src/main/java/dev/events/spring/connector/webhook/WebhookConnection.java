package dev.events.spring.connector.webhook;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventException;
import dev.events.RetryLaterException;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.http.client.FilteredHostException;

/**
 * Sends the events of one subscription to its receiver. Thread-safe.
 * <p>
 * As Standard Webhooks says, 2xx is success, everything else is not and is tried again,
 * 4xx too: receivers answer so while they are being repaired, and an event that was given
 * up costs more than some calls. The id of a message is that of its event, the same for
 * every attempt, by which receivers recognize what they have had.
 */
final class WebhookConnection implements EventConnection {

	private static final Logger logger = LoggerFactory.getLogger(WebhookConnection.class);

	private final WebhookClient client;

	private final ConnectorContext context;

	private final Clock clock;

	private final ObservationRegistry registry;

	private final URI url;

	private final WebhookSignature signature;

	private final WebhookConfig.Format format;

	private final Map<String, String> headers;

	private final Duration timeout;

	private final Duration suspendAfter;

	private final FailureStreak failures = new FailureStreak();

	private volatile @Nullable Call last;

	WebhookConnection(WebhookClient client, WebhookSettings settings, WebhookConfig config, URI url,
			ConnectorContext context, Clock clock, ObservationRegistry registry) {
		this.client = client;
		this.context = context;
		this.clock = clock;
		this.registry = registry;
		this.url = url;
		this.signature = config.signature();
		this.format = (config.format() != null) ? config.format() : WebhookConfig.Format.CLOUDEVENTS;
		this.headers = (config.headers() != null) ? config.headers() : Map.of();
		this.timeout = (config.timeout() != null) ? config.timeout() : settings.timeout();
		this.suspendAfter = (config.suspendAfter() != null) ? config.suspendAfter() : settings.suspendAfter();
	}

	@Override
	public void deliver(Event<JsonNode> event, Delivery delivery) throws InterruptedException {
		WebhookBody body = WebhookBody.of(event, this.format);
		long start = System.nanoTime();
		WebhookAnswer answer;
		try {
			answer = post(event, body);
		}
		catch (InterruptedException ex) {
			// the subscription's own timeout, or shutdown: then not the time to change it
			this.failures.failed(this.clock.instant());
			told(start, null, "no answer before the attempt was interrupted");
			throw ex;
		}
		catch (FilteredHostException ex) {
			throw failed(start, "its host has no address that webhooks may be sent to", ex);
		}
		catch (IOException | RuntimeException ex) {
			// messages of the client name addresses of the network
			throw failed(start, "no answer (" + ex.getClass().getSimpleName() + ")", ex);
		}
		if (answer.isSuccess()) {
			this.failures.succeeded();
			told(start, answer.status(), null);
			return;
		}
		throw refused(start, answer);
	}

	private WebhookAnswer post(Event<?> event, WebhookBody body) throws IOException, InterruptedException {
		Map<String, String> headers = headers(event, body);
		if (this.registry.isNoop()) {
			return this.client.post(this.url, headers, body, this.timeout);
		}
		WebhookCall call = new WebhookCall(this.url, headers);
		return call.observe(this.registry, () -> this.client.post(this.url, headers, body, this.timeout));
	}

	private Map<String, String> headers(Event<?> event, WebhookBody body) {
		String id = event.id().toString();
		long timestamp = this.clock.instant().getEpochSecond();
		Map<String, String> all = new LinkedHashMap<>(this.headers);
		all.put("webhook-id", id);
		all.put("webhook-timestamp", Long.toString(timestamp));
		all.put("webhook-signature", this.signature.sign(id, timestamp, body.bytes()));
		return all;
	}

	private EventException failed(long start, String problem, Exception cause) {
		told(start, null, problem);
		this.failures.failed(this.clock.instant());
		suspendIfHopeless(problem);
		return new WebhookFailedException(message(problem), cause);
	}

	private EventException refused(long start, WebhookAnswer answer) {
		String problem = "HTTP status " + answer.status();
		told(start, answer.status(), problem);
		this.failures.failed(this.clock.instant());
		String message = message(problem + (answer.excerpt().isEmpty() ? "" : ": " + answer.excerpt()));
		if (answer.status() == WebhookAnswer.GONE) {
			suspend("The receiver answered 410 Gone: it wants no more events");
			// waits, with all that comes, until somebody resumes the subscription
			return new RetryLaterException(message, Duration.ZERO);
		}
		suspendIfHopeless(problem);
		Duration delay = answer.delay(this.clock);
		return (delay != null) ? new RetryLaterException(message, delay) : new WebhookFailedException(message, null);
	}

	private String message(String problem) {
		return "Webhook to " + WebhookUrl.origin(this.url) + " failed: " + problem;
	}

	private void suspendIfHopeless(String problem) {
		String told = this.failures.giveUp(this.clock.instant(), this.suspendAfter);
		if (told != null) {
			suspend("The receiver does not take events: " + told + "; last: " + problem);
		}
	}

	private void suspend(String reason) {
		try {
			this.context.suspend(reason);
		}
		catch (RuntimeException ex) {
			// the failure of this attempt is what has to be told
			logger.warn("Subscription '{}' could not be paused ({})", this.context.subscription(), reason, ex);
		}
	}

	private void told(long start, @Nullable Integer status, @Nullable String problem) {
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		this.last = new Call(this.clock.instant(), took.toMillis(), status, problem);
	}

	@Override
	public Map<String, Object> details() {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("receiver", WebhookUrl.origin(this.url));
		Call call = this.last;
		if (call != null) {
			details.put("lastCall", call.at().toString());
			details.put("lastCallMillis", call.millis());
			putIfPresent(details, "lastStatus", call.status());
			putIfPresent(details, "lastProblem", call.problem());
		}
		Instant since = this.failures.since();
		if (since != null) {
			details.put("failingSince", since.toString());
			details.put("failedAttempts", this.failures.attempts());
		}
		return details;
	}

	private static void putIfPresent(Map<String, Object> details, String name, @Nullable Object value) {
		if (value != null) {
			details.put(name, value);
		}
	}

	/**
	 * The last call.
	 */
	private record Call(Instant at, long millis, @Nullable Integer status, @Nullable String problem) {

	}

	/**
	 * A receiver did not take an event.
	 */
	private static final class WebhookFailedException extends EventException {

		private static final long serialVersionUID = 1L;

		WebhookFailedException(String message, @Nullable Throwable cause) {
			super(message, cause);
		}

	}

}
