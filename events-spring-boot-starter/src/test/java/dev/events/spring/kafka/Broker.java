package dev.events.spring.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

import kafka.server.BrokerServer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * A Kafka broker in this JVM, which can be stopped and started again.
 */
final class Broker implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final EmbeddedKafkaKraftBroker kafka;

	Broker() {
		this.kafka = new EmbeddedKafkaKraftBroker(1, 4);
		this.kafka.kafkaPorts(freePort());
		this.kafka.brokerProperty("group.initial.rebalance.delay.ms", "0");
		this.kafka.afterPropertiesSet();
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String servers() {
		return this.kafka.getBrokersAsString();
	}

	/** A topic of its own with four partitions. */
	String topic() {
		String topic = "topic-" + UUID.randomUUID();
		this.kafka.addTopics(topic);
		return topic;
	}

	void stop() {
		broker().shutdown();
		broker().awaitShutdown();
	}

	void start() {
		broker().startup();
	}

	private BrokerServer broker() {
		return this.kafka.getCluster().brokers().values().iterator().next();
	}

	void send(String topic, String key, String value, Map<String, String> headers) {
		ProducerRecord<String, String> record = new ProducerRecord<>(topic, key, value);
		headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
		send(record, new StringSerializer());
	}

	<V> void send(ProducerRecord<String, V> record, Serializer<V> serializer) {
		try (KafkaProducer<String, V> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers()),
				new StringSerializer(), serializer)) {
			producer.send(record);
		}
	}

	/** Reads a topic from its beginning until there is enough. */
	List<ConsumerRecord<String, String>> read(String topic, Predicate<List<ConsumerRecord<String, String>>> enough) {
		return read(topic, new StringDeserializer(), enough);
	}

	<V> List<ConsumerRecord<String, V>> read(String topic, Deserializer<V> deserializer,
			Predicate<List<ConsumerRecord<String, V>>> enough) {
		Map<String, Object> config = Map.of("bootstrap.servers", servers(), "group.id", UUID.randomUUID().toString(),
				"auto.offset.reset", "earliest", "metadata.max.age.ms", "1000");
		List<ConsumerRecord<String, V>> records = new ArrayList<>();
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		try (KafkaConsumer<String, V> consumer = new KafkaConsumer<>(config, new StringDeserializer(), deserializer)) {
			consumer.subscribe(List.of(topic));
			while (!enough.test(records)) {
				if (System.nanoTime() > deadline) {
					throw new AssertionError("Only " + records.size() + " records: " + records);
				}
				consumer.poll(Duration.ofMillis(100)).forEach(records::add);
			}
		}
		return records;
	}

	static String header(ConsumerRecord<?, ?> record, String name) {
		Header header = record.headers().lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : null;
	}

	@Override
	public void close() {
		this.kafka.destroy();
	}

}
