package dev.events.spring.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.events.EventBus;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Publishes the records of topics on the bus, each once: offsets are committed after the
 * events are stored, and the log knows the ids of those it has. Ids of events that were
 * deleted by retention are forgotten. Thread-safe.
 */
public final class KafkaInbound implements SmartLifecycle {

	private static final Duration FIRST_DELAY = Duration.ofMillis(200);

	private static final Duration MAX_DELAY = Duration.ofSeconds(15);

	// as that of other listener containers
	private static final int PHASE = Integer.MAX_VALUE - 100;

	private final List<InboundListener> listeners = new ArrayList<>();

	private final List<ConcurrentMessageListenerContainer<byte[], byte[]>> containers = new ArrayList<>();

	private volatile boolean running;

	/**
	 * Creates it; nothing is read yet.
	 * @param bus takes the events
	 * @param topics what is read
	 * @param consumers has the addresses and credentials of the application; its own
	 * consumers are not used
	 * @param connector sends to dead letter topics
	 * @throws IllegalArgumentException when a topic has no consumer group
	 */
	public KafkaInbound(EventBus bus, List<InboundTopic> topics, ConsumerFactory<?, ?> consumers,
			KafkaConnector connector) {
		Map<String, Object> config = config(consumers);
		for (InboundTopic topic : topics) {
			Object group = (topic.groupId() != null) ? topic.groupId() : config.get(ConsumerConfig.GROUP_ID_CONFIG);
			if (group == null) {
				throw new IllegalArgumentException("group-id of topic '" + topic.topic()
						+ "' is missing, and there is no spring.kafka.consumer.group-id");
			}
			InboundListener listener = new InboundListener(bus, topic);
			this.listeners.add(listener);
			this.containers.add(container(topic, group.toString(), config, listener, connector));
		}
	}

	private static Map<String, Object> config(ConsumerFactory<?, ?> consumers) {
		Map<String, Object> config = new HashMap<>(consumers.getConfigurationProperties());
		config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		// what a producer has rolled back has not happened
		config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		// a group that is new, or finds a new partition, must pass over nothing
		config.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		return config;
	}

	private static ConcurrentMessageListenerContainer<byte[], byte[]> container(InboundTopic topic, String group,
			Map<String, Object> config, InboundListener listener, KafkaConnector connector) {
		ContainerProperties properties = new ContainerProperties(topic.topic());
		properties.setGroupId(group);
		properties.setAckMode(ContainerProperties.AckMode.BATCH);
		properties.setMessageListener(listener);
		ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
				new DefaultKafkaConsumerFactory<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
				properties);
		container.setBeanName("events-kafka-" + topic.topic());
		container.setConcurrency(topic.concurrency());
		container.setCommonErrorHandler(errorHandler(topic, connector));
		return container;
	}

	/**
	 * A record is passed over only when it cannot be published and is in the dead letter
	 * topic instead; all else is tried again for ever.
	 */
	private static DefaultErrorHandler errorHandler(InboundTopic topic, KafkaConnector connector) {
		String deadLetterTopic = topic.deadLetterTopic();
		BackOff forEver = forEver();
		DefaultErrorHandler handler;
		if (deadLetterTopic != null) {
			handler = new DefaultErrorHandler(deadLetters(deadLetterTopic, connector), forEver);
			handler.setBackOffFunction(
					(failed, error) -> InboundListener.isPermanent(error) ? new FixedBackOff(0, 0) : forEver);
		}
		else {
			handler = new DefaultErrorHandler(forEver);
		}
		// by default some exceptions are taken for fatal, and their records passed over
		handler.setClassifications(Map.of(), true);
		// the listener says it, once
		handler.setLogLevel(KafkaException.Level.DEBUG);
		return handler;
	}

	private static ConsumerRecordRecoverer deadLetters(String topic, KafkaConnector connector) {
		DeadLetterPublishingRecoverer recoverer = new DeadLetterPublishingRecoverer(
				new KafkaTemplate<>(connector.producers().factory(null)),
				(failed, error) -> new TopicPartition(topic, -1));
		recoverer.setFailIfSendResultIsError(true);
		return recoverer;
	}

	private static BackOff forEver() {
		ExponentialBackOff backOff = new ExponentialBackOff(FIRST_DELAY.toMillis(), 2);
		backOff.setMaxInterval(MAX_DELAY.toMillis());
		return backOff;
	}

	/** What was read since this node started, by topic. */
	public List<InboundStatus> status() {
		return this.listeners.stream().map(InboundListener::status).toList();
	}

	List<InboundListener> listeners() {
		return this.listeners;
	}

	@Override
	public synchronized void start() {
		this.containers.forEach(ConcurrentMessageListenerContainer::start);
		this.running = true;
	}

	@Override
	public synchronized void stop() {
		this.running = false;
		this.containers.forEach(ConcurrentMessageListenerContainer::stop);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
