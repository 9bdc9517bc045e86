package dev.events.spring.kafka;

import java.time.Duration;
import java.util.List;

import dev.events.RetryPolicy;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.connector.InvalidConfigException;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.kafka.core.ProducerFactory;

/**
 * Connector of type {@code kafka}: sends events to a topic, with the key of the event.
 * Thread-safe.
 *
 * <pre>{@code
 * events.subscriptions().create(SubscriptionDefinition.of("kafka", "order.*")
 *     .withConfig(Map.of("topic", "orders")));
 * }</pre>
 * <p>
 * An event is done when all in-sync replicas have it. While no broker answers, events
 * wait and are tried again, however long it takes; only what no broker will ever take,
 * such as an event that is too large, becomes a dead letter.
 */
public final class KafkaConnector implements EventConnector<KafkaConfig>, AutoCloseable {

	// ten seconds apart that is months
	private static final int ATTEMPTS = 1_000_000;

	private static final Duration MAX_DELAY = Duration.ofSeconds(10);

	private final KafkaSettings settings;

	private final KafkaProducers producers;

	private final ObservationRegistry registry;

	/**
	 * Creates a connector.
	 * @param settings what the application says about sending
	 * @param producers has the addresses and credentials of the application; its own
	 * producers are not used
	 */
	public KafkaConnector(KafkaSettings settings, ProducerFactory<?, ?> producers) {
		this(settings, producers, ObservationRegistry.NOOP);
	}

	/**
	 * Creates a connector of which it is observed what it sends.
	 * @param settings what the application says about sending
	 * @param producers has the addresses and credentials of the application; its own
	 * producers are not used
	 * @param registry observes
	 */
	public KafkaConnector(KafkaSettings settings, ProducerFactory<?, ?> producers, ObservationRegistry registry) {
		this.settings = settings;
		this.registry = registry;
		this.producers = new KafkaProducers(producers, settings.timeout());
	}

	@Override
	public String type() {
		return "kafka";
	}

	@Override
	public Class<KafkaConfig> configType() {
		return KafkaConfig.class;
	}

	@Override
	public void validate(KafkaConfig config) {
		topic(config);
		List<String> servers = config.bootstrapServers();
		// the credentials of the application are sent there
		InvalidConfigException.require(
				servers == null || !servers.isEmpty() && this.settings.allowedBootstrapServers().containsAll(servers),
				"bootstrapServers", "must be among events.kafka.allowed-bootstrap-servers");
	}

	private TopicTemplate topic(KafkaConfig config) {
		String topic = config.topic();
		try {
			return new TopicTemplate((topic != null) ? topic : this.settings.topic());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigException("topic", String.valueOf(ex.getMessage()).substring("topic ".length()));
		}
	}

	@Override
	public int batchSize() {
		return this.settings.batchSize();
	}

	/** An outage is no fault of an event. */
	@Override
	public RetryPolicy retry(RetryPolicy defaults) {
		Duration maxDelay = (defaults.maxDelay().compareTo(MAX_DELAY) < 0) ? defaults.maxDelay() : MAX_DELAY;
		Duration initialDelay = (defaults.initialDelay().compareTo(maxDelay) < 0) ? defaults.initialDelay() : maxDelay;
		return new RetryPolicy(ATTEMPTS, initialDelay, defaults.multiplier(), maxDelay, defaults.jitter());
	}

	@Override
	public EventConnection connect(KafkaConfig config, ConnectorContext context) {
		KafkaConfig.Format format = (config.format() != null) ? config.format() : KafkaConfig.Format.CLOUDEVENTS_BINARY;
		return new KafkaConnection(this.producers, config.bootstrapServers(), new RecordWriter(topic(config), format),
				this.registry);
	}

	/** What sends records that are no events to the application's cluster. */
	KafkaProducers producers() {
		return this.producers;
	}

	/** Ends all connections; nothing can be sent afterwards. */
	@Override
	public void close() {
		this.producers.close();
	}

}
