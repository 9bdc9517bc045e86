package dev.events.spring.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.SubscriptionInfo;
import dev.events.spring.EventsContext;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kafka with two nodes of an application and their events in PostgreSQL.
 */
@Timeout(180)
class KafkaOnTwoNodesTests {

	private static final Duration SOON = Duration.ofSeconds(60);

	private static Broker broker;

	private final PostgresDatabase database = PostgresServer.shared().createDatabase();

	@BeforeAll
	static void start() {
		broker = new Broker();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	private ApplicationContextRunner node(String... properties) {
		return EventsContext.plain()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
					KafkaAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + this.database.jdbcUrl(),
					"spring.datasource.username=" + this.database.user(),
					"spring.datasource.password=" + this.database.password(),
					"spring.datasource.hikari.maximum-pool-size=5",
					"spring.kafka.bootstrap-servers=" + broker.servers(), "events.delivery.poll-interval=50ms",
					"events.delivery.lease-duration=3s", "events.retry.initial-delay=50ms")
			.withPropertyValues(properties);
	}

	private static EventBus bus(ApplicationContext context) {
		return context.getBean(EventBus.class);
	}

	private static void publish(ApplicationContext context, int from, int to) {
		IntStream.range(from, to)
			.forEach((i) -> bus(context).publish(Event.of("order.placed", i).withKey("k" + i % 10)));
	}

	private static int owners(ApplicationContext context) {
		return bus(context).subscriptions()
			.list()
			.stream()
			.map(SubscriptionInfo::owners)
			.mapToInt(Map::size)
			.max()
			.orElse(0);
	}

	@Test
	void whatGoesOutSurvivesTheEndOfANode() {
		String topic = broker.topic();
		node().run((first) -> {
			KafkaConnectorTests.subscribe(bus(first), "order.*", Map.of("topic", topic));
			node().run((second) -> {
				await().atMost(SOON).until(() -> owners(first) == 2);
				publish(first, 0, 200);
				publish(second, 200, 300);
			});
			publish(first, 300, 400);
			List<ConsumerRecord<String, String>> records = broker.read(topic,
					(read) -> read.stream().map(ConsumerRecord::value).distinct().count() == 400);
			Map<String, LinkedHashSet<Integer>> byKey = new HashMap<>();
			records.forEach((kafkaRecord) -> byKey.computeIfAbsent(kafkaRecord.key(), (key) -> new LinkedHashSet<>())
				.add(Integer.parseInt(kafkaRecord.value())));
			assertThat(byKey).hasSize(10);
			assertThat(byKey.values()).allSatisfy((numbers) -> assertThat(new ArrayList<>(numbers)).isSorted());
			assertThat(bus(first).deadLetters().count(DeadLetters.Filter.all())).isZero();
		});
	}

	@Test
	void whatComesInIsStoredOnceByWhicheverNode() {
		String topic = broker.topic();
		String[] inbound = { "events.kafka.inbound[0].topic=" + topic, "events.kafka.inbound[0].group-id=g-" + topic,
				"events.kafka.inbound[0].type=raw.json", "events.kafka.inbound[0].concurrency=2" };
		node(inbound).run((first) -> {
			send(topic, 0, 300);
			node(inbound).run((second) -> {
				send(topic, 300, 600);
				await().atMost(SOON).until(() -> stored(first, second) >= 600);
			});
			send(topic, 600, 700);
			await().atMost(SOON).until(() -> bus(first).stats().head() > 0 && events(first).size() >= 700);
			KafkaInboundTests.assertOnceInOrder(events(first), 700);
		});
	}

	private static void send(String topic, int from, int to) {
		Map<String, String> keyByValue = new LinkedHashMap<>();
		IntStream.range(from, to).forEach((i) -> keyByValue.put(Integer.toString(i), "k" + i % 10));
		broker.send(topic, keyByValue);
	}

	private static long stored(ApplicationContext... nodes) {
		return Stream.of(nodes).mapToLong((node) -> node.getBean(KafkaInbound.class).status().get(0).stored()).sum();
	}

	private static List<Event<Object>> events(ApplicationContext node) {
		return bus(node).query().type("raw.json").list(1000);
	}

	@Test
	void anOutageOfTheStoreWhileReadingLosesAndDoublesNothing() {
		String topic = broker.topic();
		try (PostgresServer server = PostgresServer.dedicated()) {
			PostgresDatabase own = server.createDatabase();
			node("spring.datasource.url=" + own.jdbcUrl(), "spring.datasource.username=" + own.user(),
					"spring.datasource.password=" + own.password(), "spring.datasource.hikari.connection-timeout=1000",
					"events.kafka.inbound[0].topic=" + topic, "events.kafka.inbound[0].group-id=g-" + topic,
					"events.kafka.inbound[0].type=raw.json")
				.run((context) -> {
					send(topic, 0, 100);
					await().atMost(SOON).until(() -> stored(context) == 100);
					server.stop();
					send(topic, 100, 300);
					await().atMost(SOON)
						.until(() -> context.getBean(KafkaInbound.class).status().get(0).standing() > 0);
					server.start();
					await().atMost(SOON).ignoreExceptions().until(() -> events(context).size() == 300);
					KafkaInboundTests.assertOnceInOrder(events(context), 300);
				});
		}
	}

}
