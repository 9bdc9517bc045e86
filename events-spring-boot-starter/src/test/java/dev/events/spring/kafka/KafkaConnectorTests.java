package dev.events.spring.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import dev.events.SubscriptionDefinition;
import dev.events.SubscriptionInfo;
import dev.events.spring.EventsContext;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.core.KafkaTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The connector {@code kafka}, on a real broker.
 */
@Timeout(180)
class KafkaConnectorTests {

	private static final Duration OUTAGE = Duration.ofSeconds(15);

	private static Broker broker;

	@BeforeAll
	static void start() {
		broker = new Broker();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	static ApplicationContextRunner runner(Broker broker) {
		return EventsContext.inMemory()
			.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
			.withPropertyValues("spring.kafka.bootstrap-servers=" + broker.servers(), "events.source=my shop");
	}

	static void subscribe(EventBus bus, String pattern, Map<String, Object> config) {
		String id = bus.subscriptions().create(SubscriptionDefinition.of("kafka", pattern).withConfig(config)).id();
		await().until(() -> bus.subscriptions().find(id).orElseThrow().state() == SubscriptionInfo.State.ACTIVE);
	}

	@Test
	void recordsAreCloudEventsThatTheSdkReads() {
		String topic = broker.topic();
		runner(broker).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			subscribe(bus, "order.*", Map.of("topic", topic));
			Event<?> event = bus
				.publish(Event.of("order.placed", Map.of("id", 7, "note", "grün"))
					.withKey("k-1")
					.withOrganization("acme")
					.withUser("u-1")
					.withVersion("2.1.0")
					.withMetadata("internal", "x"))
				.event();
			ConsumerRecord<String, CloudEvent> kafkaRecord = broker
				.read(topic, new CloudEventDeserializer(), (records) -> records.size() == 1)
				.get(0);
			assertThat(kafkaRecord.key()).isEqualTo("k-1");
			CloudEvent cloudEvent = kafkaRecord.value();
			assertThat(cloudEvent.getId()).isEqualTo(event.id().toString());
			assertThat(cloudEvent.getType()).isEqualTo("order.placed");
			assertThat(cloudEvent.getSource()).hasToString("my%20shop");
			assertThat(cloudEvent.getTime().toInstant()).isEqualTo(event.timestamp());
			assertThat(cloudEvent.getDataContentType()).isEqualTo("application/json");
			assertThat(new String(cloudEvent.getData().toBytes())).contains("\"id\":7", "\"note\":\"grün\"");
			assertThat(cloudEvent.getExtensionNames()).containsExactlyInAnyOrder("dataversion", "partitionkey",
					"organization", "correlationid");
			assertThat(cloudEvent.getExtension("partitionkey")).isEqualTo("k-1");
			assertThat(cloudEvent.getExtension("organization")).isEqualTo("acme");
			assertThat(cloudEvent.getExtension("dataversion")).isEqualTo("2.1.0");
			assertThat(cloudEvent.getExtension("correlationid")).isEqualTo(event.correlationId());
		});
	}

	@Test
	void theTopicMayComeFromTheEventAndTheValueBeTheDataAlone() {
		runner(broker).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			subscribe(bus, "shop:**", Map.of("topic", "out.{type}.{source}", "format", "data"));
			bus.publish(Event.of("shop:order.placed", Map.of("id", 7)));
			ConsumerRecord<String, String> kafkaRecord = broker
				.read("out.shop-order.placed.my-shop", (records) -> records.size() == 1)
				.get(0);
			assertThat(kafkaRecord.value()).isEqualTo("{\"id\":7}");
			assertThat(kafkaRecord.headers()).isEmpty();
			assertThat(kafkaRecord.key()).isNull();
		});
	}

	@Test
	void everyKeyKeepsItsOrderInBatches() {
		String topic = broker.topic();
		runner(broker).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			subscribe(bus, "order.*", Map.of("topic", topic));
			bus.publishAll(IntStream.range(0, 1000)
				.mapToObj((i) -> Event.of("order.placed", i).withKey("k" + i % 7))
				.toList());
			List<ConsumerRecord<String, String>> records = broker.read(topic, (read) -> read.size() >= 1000);
			assertThat(records).hasSize(1000);
			assertOrder(records, 1000);
		});
	}

	/** All numbers are there, and those of a key in order, second copies aside. */
	private static void assertOrder(List<ConsumerRecord<String, String>> records, int count) {
		Map<String, LinkedHashSet<Integer>> byKey = new HashMap<>();
		records.forEach((kafkaRecord) -> byKey.computeIfAbsent(kafkaRecord.key(), (key) -> new LinkedHashSet<>())
			.add(Integer.parseInt(kafkaRecord.value())));
		assertThat(byKey.values().stream().mapToInt(LinkedHashSet::size).sum()).isEqualTo(count);
		assertThat(byKey.values()).allSatisfy((numbers) -> assertThat(new ArrayList<>(numbers)).isSorted());
	}

	@Test
	void whatIsTooLargeIsADeadLetterAndHoldsUpNobody() {
		String topic = broker.topic();
		runner(broker).withPropertyValues("events.publish.max-payload-size=4MB").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			subscribe(bus, "order.*", Map.of("topic", topic));
			bus.publishAll(List.of(Event.of("order.placed", 1).withKey("k"),
					Event.of("order.placed", "x".repeat(2_000_000)).withKey("k"),
					Event.of("order.placed", 3).withKey("k")));
			await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
			assertThat(bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters().get(0).errorType())
				.isEqualTo(NonRetryableEventException.class.getName());
			assertThat(broker.read(topic, (read) -> read.stream().anyMatch((r) -> r.value().equals("3"))))
				.extracting(ConsumerRecord::value)
				.contains("1", "3");
		});
	}

	@Test
	void badConfigurationIsRefused() {
		runner(broker).withPropertyValues("events.kafka.allowed-bootstrap-servers=other:9092").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertRefused(bus, Map.of("topic", "a b"), "config.topic must be made of letters");
			assertRefused(bus, Map.of("topic", "{key}"), "config.topic must be made of letters");
			assertRefused(bus, Map.of("bootstrapServers", List.of("evil:9092")),
					"config.bootstrapServers must be among events.kafka.allowed-bootstrap-servers");
			assertRefused(bus, Map.of("bootstrapServers", List.of()), "config.bootstrapServers");
			assertRefused(bus, Map.of("format", "xml"), "config.format");
			bus.subscriptions()
				.create(SubscriptionDefinition.of("kafka", "a.b")
					.withConfig(Map.of("bootstrapServers", List.of("other:9092"))));
		});
	}

	private static void assertRefused(EventBus bus, Map<String, Object> config, String message) {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> bus.subscriptions().create(SubscriptionDefinition.of("kafka", "a.b").withConfig(config)))
			.withMessageContaining(message);
	}

	@Test
	void whatTheApplicationSaysOfItsOwnProducersLosesNothingHere() {
		String topic = broker.topic();
		runner(broker)
			.withPropertyValues("spring.kafka.producer.acks=0", "spring.kafka.producer.retries=0",
					"spring.kafka.producer.transaction-id-prefix=tx",
					"spring.kafka.producer.properties.max.in.flight.requests.per.connection=50",
					"spring.kafka.producer.properties.enable.idempotence=false", "spring.kafka.producer.client-id=shop")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				subscribe(bus, "order.*", Map.of("topic", topic));
				bus.publish(Event.of("order.placed", 1));
				broker.read(topic, (read) -> read.size() == 1);
				assertThat(context.getBean(KafkaConnector.class).producers().factory(null).getConfigurationProperties())
					.containsEntry("acks", "all")
					.containsEntry("enable.idempotence", true)
					.containsEntry("max.in.flight.requests.per.connection", 5)
					.containsEntry("delivery.timeout.ms", 5000)
					.containsEntry("client.id", "shop")
					.doesNotContainKey("transactional.id");
			});
	}

	@Test
	void withoutKafkaThereIsNoConnector() {
		EventsContext.inMemory()
			.withClassLoader(new FilteredClassLoader(KafkaTemplate.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("kafkaEventConnector"));
	}

	@Test
	void anOutageOfTheBrokerLosesNothingAndKeepsTheOrder() {
		try (Broker own = new Broker()) {
			String topic = own.topic();
			runner(own).withPropertyValues("events.kafka.timeout=2s").run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				subscribe(bus, "order.*", Map.of("topic", topic));
				publish(bus, 0, 50);
				own.read(topic, (read) -> read.size() == 50);
				own.stop();
				publish(bus, 50, 100);
				await().pollDelay(OUTAGE).atMost(OUTAGE.plusSeconds(20)).until(() -> true);
				publish(bus, 100, 150);
				String id = bus.subscriptions().list().get(0).id();
				assertThat(bus.subscriptions().details(id)).containsKey("failingSince");
				own.start();
				List<ConsumerRecord<String, String>> records = own.read(topic,
						(read) -> read.stream().map(ConsumerRecord::value).distinct().count() == 150);
				assertOrder(records, 150);
				assertThat(bus.deadLetters().count(DeadLetters.Filter.all())).isZero();
				await()
					.untilAsserted(() -> assertThat(bus.subscriptions().details(id)).doesNotContainKey("failingSince"));
			});
		}
	}

	private static void publish(EventBus bus, int from, int to) {
		IntStream.range(from, to).forEach((i) -> bus.publish(Event.of("order.placed", i).withKey("k" + i % 5)));
	}

}
