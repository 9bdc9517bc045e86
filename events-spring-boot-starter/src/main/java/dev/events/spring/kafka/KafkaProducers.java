package dev.events.spring.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Producers that lose and reorder nothing, whatever the application says about its own:
 * one for each cluster, shared by all subscriptions. Thread-safe.
 */
final class KafkaProducers implements AutoCloseable {

	// no more than this keeps its order when a request is sent again
	private static final int MAX_IN_FLIGHT = 5;

	private final ProducerFactory<?, ?> application;

	private final Duration timeout;

	// guarded by this
	private final Map<List<String>, DefaultKafkaProducerFactory<byte[], byte[]>> factories = new HashMap<>();

	// guarded by this
	private boolean closed;

	/**
	 * Creates them.
	 * @param application has the addresses and credentials of the application
	 * @param timeout how long sending a record may take in all
	 */
	KafkaProducers(ProducerFactory<?, ?> application, Duration timeout) {
		this.application = application;
		this.timeout = timeout;
	}

	/** How long it takes at most until the outcome of sending a record is known. */
	Duration timeout() {
		return this.timeout;
	}

	/** The producer of a cluster; not to be closed. */
	Producer<byte[], byte[]> producer(@Nullable List<String> bootstrapServers) {
		return factory(bootstrapServers).createProducer();
	}

	/** What makes the producer of a cluster. */
	synchronized DefaultKafkaProducerFactory<byte[], byte[]> factory(@Nullable List<String> bootstrapServers) {
		if (this.closed) {
			throw new IllegalStateException("The producers are closed");
		}
		return this.factories.computeIfAbsent((bootstrapServers != null) ? bootstrapServers : List.of(), this::create);
	}

	private DefaultKafkaProducerFactory<byte[], byte[]> create(List<String> bootstrapServers) {
		Map<String, Object> config = new HashMap<>(this.application.getConfigurationProperties());
		if (!bootstrapServers.isEmpty()) {
			config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
		}
		// a transaction would have to be the store's
		config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
		config.put(ProducerConfig.ACKS_CONFIG, "all");
		config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		config.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
		config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, MAX_IN_FLIGHT);
		// whoever has sent waits for the answer
		config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		// first a place to send to, then the sending: together not longer than the
		// timeout
		int half = Math.toIntExact(this.timeout.toMillis() / 2);
		config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, half);
		config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, half);
		config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, half);
		DefaultKafkaProducerFactory<byte[], byte[]> factory = new DefaultKafkaProducerFactory<>(config,
				new ByteArraySerializer(), new ByteArraySerializer());
		// nobody waits for what is still to be sent; it is sent again by whoever serves
		// next
		factory.setPhysicalCloseTimeout(1);
		this.application.getListeners().forEach((listener) -> addListener(factory, listener));
		return factory;
	}

	// listeners hear of producers, not of keys and values
	@SuppressWarnings("unchecked")
	private static void addListener(DefaultKafkaProducerFactory<byte[], byte[]> factory,
			ProducerFactory.Listener<?, ?> listener) {
		factory.addListener((ProducerFactory.Listener<byte[], byte[]>) listener);
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.factories.values().forEach(DefaultKafkaProducerFactory::destroy);
		this.factories.clear();
	}

}
