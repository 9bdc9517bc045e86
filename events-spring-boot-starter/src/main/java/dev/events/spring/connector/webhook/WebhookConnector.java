package dev.events.spring.connector.webhook;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

import dev.events.RetryPolicy;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import io.micrometer.observation.ObservationRegistry;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Connector of type {@code webhook}: posts events to a URL, signed as
 * <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says. Thread-safe.
 *
 * <pre>{@code
 * events.subscriptions().create(SubscriptionDefinition.of("webhook", "order.*")
 *     .withConfig(Map.of("url", "https://shop.example.org/hooks", "secret", "whsec_…")));
 * }</pre>
 * <p>
 * A receiver that answers 410, or has failed for long, has its subscription paused; how
 * long is counted by each node on its own.
 */
public final class WebhookConnector implements EventConnector<WebhookConfig>, AutoCloseable {

	private static final RetryPolicy RETRY = new RetryPolicy(80, Duration.ofSeconds(5), 4, Duration.ofHours(1), 0.2);

	private final WebhookSettings settings;

	private final InetAddressFilter addresses;

	private final DnsResolver resolver;

	private final Clock clock;

	private final ObservationRegistry registry;

	// made when it is needed; guarded by this
	private @Nullable WebhookClient client;

	/**
	 * Creates a connector.
	 * @param settings what the application says about all webhooks
	 */
	public WebhookConnector(WebhookSettings settings) {
		this(settings, ObservationRegistry.NOOP);
	}

	/**
	 * Creates a connector whose calls are observed, and carry the trace to the receiver.
	 * @param settings what the application says about all webhooks
	 * @param registry observes each call
	 */
	public WebhookConnector(WebhookSettings settings, ObservationRegistry registry) {
		this(settings, SystemDefaultDnsResolver.INSTANCE, Clock.systemUTC(), registry);
	}

	WebhookConnector(WebhookSettings settings, DnsResolver resolver, Clock clock) {
		this(settings, resolver, clock, ObservationRegistry.NOOP);
	}

	WebhookConnector(WebhookSettings settings, DnsResolver resolver, Clock clock, ObservationRegistry registry) {
		this.settings = settings;
		this.addresses = settings.addresses();
		this.resolver = resolver;
		this.clock = clock;
		this.registry = registry;
	}

	@Override
	public String type() {
		return "webhook";
	}

	@Override
	public Class<WebhookConfig> configType() {
		return WebhookConfig.class;
	}

	@Override
	public void validate(WebhookConfig config) {
		url(config);
		config.signature();
	}

	private URI url(WebhookConfig config) {
		return WebhookUrl.parse(config.url(), this.settings.allowHttp(), this.addresses);
	}

	@Override
	public EventConnection connect(WebhookConfig config, ConnectorContext context) {
		return new WebhookConnection(client(), this.settings, config, url(config), context, this.clock, this.registry);
	}

	private synchronized WebhookClient client() {
		WebhookClient current = this.client;
		if (current == null) {
			current = new WebhookClient(this.settings, this.resolver);
			this.client = current;
		}
		return current;
	}

	/**
	 * About three days: receivers are away for hours, and before that is over their
	 * subscription is paused.
	 */
	@Override
	public RetryPolicy retry(RetryPolicy defaults) {
		return RETRY;
	}

	@Override
	public Set<String> secretFields() {
		return WebhookConfig.SECRETS;
	}

	/** Path and query of a receiver are often all that keeps others from using it. */
	@Override
	public String shown(String field, String value) {
		return field.equals("url") ? WebhookUrl.shown(value) : value;
	}

	/** Ends all connections; nothing can be sent afterwards. */
	@Override
	public synchronized void close() throws IOException {
		WebhookClient current = this.client;
		if (current != null) {
			current.close();
		}
	}

}
