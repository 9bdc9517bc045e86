package dev.events.spring.connector.webhook;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.HandlerTimeoutException;
import dev.events.InvalidSubscriptionException;
import dev.events.SubscriptionDefinition;
import dev.events.SubscriptionInfo;
import dev.events.spring.EventsContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Webhooks in an application with a database and a pool.
 */
@Timeout(120)
class WebhookDeliveryTests {

	private static final Map<String, Object> QUICK = Map.of("delivery",
			Map.of("initialDelay", "PT0.02S", "maxDelay", "PT0.1S"));

	private final Receiver receiver = new Receiver(Receiver.status(204));

	private final ApplicationContextRunner runner = EventsContext.plain()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
				"events.delivery.poll-interval=50ms", "events.webhook.allow-http=true",
				"events.webhook.allowed-networks=127.0.0.1,::1");

	@AfterEach
	void close() {
		this.receiver.close();
	}

	private void create(EventBus bus, Map<String, Object> more) {
		Map<String, Object> config = new LinkedHashMap<>(QUICK);
		config.putAll(more);
		config.put("url", this.receiver.url());
		config.put("secret", Receiver.SECRET);
		bus.subscriptions().create(SubscriptionDefinition.of("webhook", "order.*").withId("shop").withConfig(config));
		await().until(() -> state(bus) == SubscriptionInfo.State.ACTIVE);
	}

	private static SubscriptionInfo.State state(EventBus bus) {
		return bus.subscriptions().find("shop").orElseThrow().state();
	}

	private List<JsonNode> received() {
		return this.receiver.taken.stream().map((request) -> JsonMapper.shared().readTree(request.body())).toList();
	}

	@Test
	void keepsTheOrderOfAKeyThroughFailures() {
		AtomicInteger calls = new AtomicInteger();
		this.receiver
			.answer((exchange) -> Receiver.status((calls.incrementAndGet() % 3 == 0) ? 204 : 500).handle(exchange));
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, Map.of());
			IntStream.range(0, 20).forEach((i) -> bus.publish(Event.of("order.placed", i).withKey("k" + i % 2)));
			await().atMost(Duration.ofSeconds(60)).until(() -> received().size() == 20);
			for (int key = 0; key < 2; key++) {
				String name = "k" + key;
				assertThat(received().stream()
					.filter((event) -> event.get("partitionkey").asString().equals(name))
					.map((event) -> event.get("data").asInt())
					.toList()).as(name).isSorted().hasSize(10);
			}
			assertThat(bus.deadLetters().count(DeadLetters.Filter.all())).isZero();
		});
	}

	@Test
	void holdsNoDatabaseConnectionWhileTheReceiverThinks() {
		CountDownLatch called = new CountDownLatch(4);
		CountDownLatch answer = new CountDownLatch(1);
		this.receiver.answer((exchange) -> {
			called.countDown();
			answer.await(60, TimeUnit.SECONDS);
			Receiver.status(204).handle(exchange);
		});
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, Map.of());
			IntStream.range(0, 40).forEach((i) -> bus.publish(Event.of("order.placed", i).withKey("k" + i)));
			assertThat(called.await(30, TimeUnit.SECONDS)).as("all partitions wait for the receiver").isTrue();
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			// background work takes a connection for a moment now and then
			await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
			answer.countDown();
			await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == 40);
		});
	}

	@Test
	void pausesForAReceiverThatIsGoneAndLosesNothing() {
		this.receiver.answer(Receiver.status(410));
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, Map.of());
			bus.publish(Event.of("order.placed", 1).withKey("k"));
			await().until(() -> state(bus) == SubscriptionInfo.State.PAUSED);
			assertThat(bus.subscriptions().find("shop").orElseThrow().note())
				.isEqualTo("The receiver answered 410 Gone: it wants no more events");
			bus.publish(Event.of("order.placed", 2).withKey("k"));
			this.receiver.answer(Receiver.status(204));
			bus.subscriptions().resume("shop");
			await().atMost(Duration.ofSeconds(30)).until(() -> received().size() == 2);
			assertThat(received().stream().map((event) -> event.get("data").asInt())).containsExactly(1, 2);
			assertThat(bus.subscriptions().details("shop")).containsEntry("lastStatus", 204);
		});
	}

	@Test
	void theTimeoutOfTheSubscriptionEndsACall() {
		this.receiver.answer((exchange) -> this.receiver.closing.await());
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, Map.of("delivery", Map.of("timeout", "PT0.2S", "maxAttempts", 2, "initialDelay", "PT0.02S")));
			bus.publish(Event.of("order.placed", 1));
			await().atMost(Duration.ofSeconds(30)).until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
			assertThat(bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters().get(0).errorType())
				.isEqualTo(HandlerTimeoutException.class.getName());
			assertThat(bus.subscriptions().details("shop")).containsEntry("lastProblem",
					"no answer before the attempt was interrupted");
		});
	}

	@Test
	void refusesPrivateAddressesByDefault() {
		this.runner.withPropertyValues("events.webhook.allowed-networks=").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> create(bus, Map.of()))
				.withMessageContaining("config.url must not lead to this machine or into a private network");
			assertThatExceptionOfType(InvalidSubscriptionException.class)
				.isThrownBy(() -> create(bus, Map.of("header", Map.of())))
				.withMessageContaining("config.header is not known");
			assertThat(bus.subscriptions().list()).isEmpty();
		});
	}

	@Test
	void saysAtStartUpWhichPropertyIsWrong() {
		this.runner.withPropertyValues("events.webhook.allowed-networks=intranet")
			.run((context) -> assertThat(EventsContext.analysis(context).getDescription())
				.contains("The properties events.webhook.* are not valid. allowed-networks has 'intranet'"));
		this.runner.withPropertyValues("events.webhook.timeout=1h")
			.run((context) -> assertThat(EventsContext.analysis(context).getDescription()).contains("timeout is PT1H"));
	}

	@Test
	void isPatient() {
		this.receiver.answer(Receiver.status(500));
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, Map.of("delivery", Map.of()));
			bus.publish(Event.of("order.placed", 1));
			await().until(() -> bus.subscriptions().find("shop").orElseThrow().parked() == 1);
			await().during(Duration.ofMillis(1500)).until(() -> this.receiver.requests.size() == 1);
		});
	}

	@Test
	void showsNoSecrets() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, Map.of("headers", Map.of("Authorization", "Bearer t")));
			assertThat(bus.subscriptions().describe("shop").orElseThrow().config()).containsEntry("secret", "******")
				.containsEntry("headers", "******")
				.containsEntry("url", "http://localhost:" + this.receiver.port() + "/******");
			assertThat(bus.subscriptions().definition("shop").orElseThrow().config()).containsEntry("url",
					this.receiver.url());
		});
	}

}
