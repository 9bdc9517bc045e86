package dev.events.sample.warehouse;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.context.EmbeddedKafka;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.TestPropertySource;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * An order goes to the warehouse by Kafka, and comes back shipped. The test is the
 * warehouse.
 */
@Execution(ExecutionMode.CONCURRENT)
@SampleTest
@ActiveProfiles("kafka")
@EmbeddedKafka(topics = { "orders", "shipments" }, bootstrapServersProperty = "spring.kafka.bootstrap-servers")
@TestPropertySource(properties = { "spring.datasource.url=jdbc:h2:mem:kafka;DB_CLOSE_DELAY=-1",
		"logging.level.org.apache.kafka=warn", "logging.level.kafka=warn", "logging.level.state.change.logger=warn" })
@DirtiesContext
class KafkaRoundTripTests {

	@Autowired
	private SampleClient client;

	@Autowired
	private EmbeddedKafkaBroker kafka;

	@Test
	void aPaidOrderGoesToTheWarehouseAndComesBackShipped() {
		eventually(() -> assertThat(this.client.json("/actuator/eventsubscriptions/warehouse").path("state").asString())
			.isEqualTo("ACTIVE"));
		UUID order = this.client.order(this.client.register("ada@kafka.example", "Ada"), "10.00", "lamp");

		ConsumerRecord<String, String> paid = read("orders");
		assertThat(paid.key()).isEqualTo(order.toString());
		assertThat(header(paid, "ce_type")).isEqualTo("order.paid");
		assertThat(header(paid, "ce_source")).isEqualTo("sample");
		assertThat(paid.value()).contains(order.toString());

		ship(order, header(paid, "ce_correlationid"));
		eventually(
				() -> assertThat(this.client.json("/orders/" + order).path("status").asString()).isEqualTo("SHIPPED"));
		eventually(() -> assertThat(this.client.json("/actuator/events/order.shipped").toString())
			.contains("\"source\":\"/warehouse\"", header(paid, "ce_correlationid")));
	}

	private static String header(ConsumerRecord<?, ?> event, String name) {
		return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
	}

	private ConsumerRecord<String, String> read(String topic) {
		Map<String, Object> config = Map.of("bootstrap.servers", this.kafka.getBrokersAsString(), "group.id",
				"warehouse", "auto.offset.reset", "earliest");
		List<ConsumerRecord<String, String>> events = new ArrayList<>();
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config, new StringDeserializer(),
				new StringDeserializer())) {
			consumer.subscribe(List.of(topic));
			eventually(() -> {
				consumer.poll(Duration.ofMillis(200)).forEach(events::add);
				assertThat(events).isNotEmpty();
			});
		}
		assertThat(events).hasSize(1);
		return events.get(0);
	}

	private void ship(UUID order, String correlationId) {
		ProducerRecord<String, String> event = new ProducerRecord<>("shipments", order.toString(),
				"{\"orderId\": \"" + order + "\"}");
		Map<String, String> headers = Map.of("ce_specversion", "1.0", "ce_id", UUID.randomUUID().toString(), "ce_type",
				"order.shipped", "ce_source", "/warehouse", "ce_correlationid", correlationId);
		headers.forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
		try (KafkaProducer<String, String> producer = new KafkaProducer<>(
				Map.of("bootstrap.servers", this.kafka.getBrokersAsString()), new StringSerializer(),
				new StringSerializer())) {
			producer.send(event);
		}
	}

}
