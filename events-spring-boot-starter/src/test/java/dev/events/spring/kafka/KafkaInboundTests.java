package dev.events.spring.kafka;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventInterceptor;
import dev.events.SubjectErasedException;
import dev.events.Subscriber;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.CloudEventSerializer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Topics that are published on the bus, on a real broker.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class KafkaInboundTests {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static Broker broker;

	@BeforeAll
	static void start() {
		broker = new Broker();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	private static ApplicationContextRunner runner(String topic, String... properties) {
		return KafkaConnectorTests.runner(broker)
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("events.kafka.inbound[0].topic=" + topic, "events.kafka.inbound[0].group-id=g-" + topic)
			.withPropertyValues(properties);
	}

	private static List<Event<?>> received(ApplicationContext context) {
		List<Event<?>> received = new CopyOnWriteArrayList<>();
		context.getBean(EventBus.class).subscribe(Subscriber.to("**").id("all").partitions(1).handler(received::add));
		return received;
	}

	private static List<Event<Object>> stored(ApplicationContext context) {
		return context.getBean(EventBus.class).query().list(1000);
	}

	private static InboundStatus status(ApplicationContext context) {
		return context.getBean(KafkaInbound.class).status().get(0);
	}

	@Test
	void cloudEventsOfTheSdkArePublishedOnce() {
		String topic = broker.topic();
		Instant time = Instant.parse("2026-01-02T03:04:05.678Z");
		CloudEvent cloudEvent = CloudEventBuilder.v1()
			.withId("no-uuid")
			.withSource(URI.create("/erp/orders"))
			.withType("order.placed")
			.withTime(time.atOffset(ZoneOffset.UTC))
			.withExtension("organization", "acme")
			.withExtension("traceparent", "00-1-2-03")
			.withData("application/json", "{\"id\":7,\"price\":1.5}".getBytes(StandardCharsets.UTF_8))
			.build();
		broker.send(new ProducerRecord<>(topic, "k-1", cloudEvent), new CloudEventSerializer());
		broker.send(new ProducerRecord<>(topic, "k-1", cloudEvent), new CloudEventSerializer());
		runner(topic).run((context) -> {
			List<Event<?>> received = received(context);
			await().atMost(SOON).until(() -> status(context).duplicates() == 1);
			assertThat(status(context)).isEqualTo(new InboundStatus(topic, 1, 1, 0, 0));
			Event<?> event = stored(context).get(0);
			assertThat(event.id())
				.isEqualTo(UUID.nameUUIDFromBytes("/erp/orders\0no-uuid".getBytes(StandardCharsets.UTF_8)));
			assertThat(event.type()).isEqualTo("order.placed");
			assertThat(event.source()).isEqualTo("/erp/orders");
			assertThat(event.key()).isEqualTo("k-1");
			assertThat(event.organization()).isEqualTo("acme");
			assertThat(event.timestamp()).isEqualTo(time);
			assertThat(event.data()).hasToString("{id=7, price=1.5}");
			assertThat(event.metadata()).containsEntry("traceparent", "00-1-2-03").containsEntry("kafka.topic", topic);
			assertThat(received).hasSizeLessThanOrEqualTo(1);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			// Spring Boot's own auto-configuration would do it
			context.getBean(InboundMeters.class).bindTo(meters);
			assertThat(meters.get("events.kafka.inbound").tag("outcome", "duplicate").functionCounter().count())
				.isEqualTo(1);
		});
	}

	@Test
	void structuredCloudEventsAndPlainJsonArePublished() {
		String topic = broker.topic();
		String id = UUID.randomUUID().toString();
		broker.send(topic, null, """
				{"specversion":"1.0","id":"%s","source":"s","type":"order.paid","partitionkey":"p","data":[1,2]}"""
			.formatted(id), Map.of("content-type", "application/cloudevents+json; charset=UTF-8"));
		broker.send(topic, "k", "{\"plain\":true}", Map.of());
		broker.send(topic, "k", null, Map.of());
		runner(topic, "events.kafka.inbound[0].type=raw.json", "events.kafka.inbound[0].source=legacy")
			.run((context) -> {
				await().atMost(SOON).until(() -> status(context).stored() == 3);
				List<Event<Object>> events = stored(context);
				assertThat(events).filteredOn((event) -> event.type().equals("order.paid"))
					.singleElement()
					.satisfies((event) -> {
						assertThat(event.id()).hasToString(id);
						assertThat(event.key()).isEqualTo("p");
						assertThat(event.data()).hasToString("[1, 2]");
					});
				assertThat(events).filteredOn((event) -> event.type().equals("raw.json"))
					.hasSize(2)
					.allSatisfy((event) -> {
						assertThat(event.source()).isEqualTo("legacy");
						assertThat(event.key()).isEqualTo("k");
					})
					.anySatisfy((event) -> assertThat(event.data()).hasToString("{plain=true}"))
					.anySatisfy((event) -> assertThat(event.metadata()).containsEntry("kafka.tombstone", "true"));
			});
	}

	@Test
	void whatIsReadAgainIsNotStoredAgain() {
		String topic = broker.topic();
		IntStream.range(0, 100).forEach((i) -> broker.send(topic, "k" + i % 5, Integer.toString(i), Map.of()));
		runner(topic, "events.kafka.inbound[0].type=raw.json", "events.kafka.inbound[1].topic=" + topic,
				"events.kafka.inbound[1].group-id=again-" + topic, "events.kafka.inbound[1].type=raw.json")
			.run((context) -> {
				KafkaInbound inbound = context.getBean(KafkaInbound.class);
				await().atMost(SOON)
					.until(() -> inbound.status()
						.stream()
						.mapToLong((status) -> status.stored() + status.duplicates())
						.sum() == 200);
				assertThat(inbound.status().stream().mapToLong(InboundStatus::stored).sum()).isEqualTo(100);
				assertThat(context.getBean(EventBus.class).stats().published()).isEqualTo(100);
			});
	}

	@Test
	void whatCannotBePublishedStandsStillAndIsSaidOnce(CapturedOutput output) {
		String topic = broker.topic();
		broker.send(topic, "k", "1", Map.of());
		broker.send(topic, "k", "hidden-text {", Map.of());
		broker.send(topic, "k", "3", Map.of());
		runner(topic, "events.kafka.inbound[0].type=raw.json").run((context) -> {
			await().atMost(SOON).until(() -> status(context).standing() == 1);
			await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
			assertThat(status(context)).isEqualTo(new InboundStatus(topic, 1, 0, 1, 1));
			assertThat(output.getOut().split("cannot be published", -1)).hasSize(2);
			assertThat(output.getOut()).contains("its value is no JSON. Its consumer stands still there")
				.doesNotContain("hidden-text");
		});
	}

	@Test
	void whatCannotBePublishedGoesToTheDeadLetterTopic() {
		String topic = broker.topic();
		String deadLetters = broker.topic();
		broker.send(topic, "k", "1", Map.of());
		broker.send(topic, "k", "{", Map.of("content-type", "application/json"));
		broker.send(topic, "k", "3", Map.of());
		runner(topic, "events.kafka.inbound[0].type=raw.json",
				"events.kafka.inbound[0].dead-letter-topic=" + deadLetters)
			.run((context) -> {
				await().atMost(SOON).until(() -> status(context).stored() == 2);
				assertThat(status(context).refused()).isEqualTo(1);
				ConsumerRecord<String, String> dead = broker.read(deadLetters, (read) -> read.size() == 1).get(0);
				assertThat(dead.key()).isEqualTo("k");
				assertThat(dead.value()).isEqualTo("{");
				assertThat(Broker.header(dead, "content-type")).isEqualTo("application/json");
				assertThat(Broker.header(dead, "kafka_dlt-original-topic")).isEqualTo(topic);
			});
	}

	@Test
	void whatFailsForNowIsTriedAgainInOrder() {
		String topic = broker.topic();
		AtomicInteger failures = new AtomicInteger();
		EventInterceptor flaky = (event) -> {
			if (event.data().toString().equals("7") && failures.incrementAndGet() <= 6) {
				// taken for fatal by Spring Kafka
				throw new ClassCastException("not now");
			}
			return event;
		};
		IntStream.range(0, 20).forEach((i) -> broker.send(topic, "k", Integer.toString(i), Map.of()));
		runner(topic, "events.kafka.inbound[0].type=raw.json", "events.kafka.inbound[0].dead-letter-topic=never")
			.withBean(EventInterceptor.class, () -> flaky)
			.run((context) -> {
				List<Event<?>> received = received(context);
				await().atMost(SOON).until(() -> status(context).stored() == 20);
				assertThat(failures).hasValueGreaterThan(6);
				assertThat(stored(context)).extracting((event) -> Integer.parseInt(event.data().toString()))
					.containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
				assertThat(received).isNotNull();
			});
	}

	@Test
	void eventsAboutSomebodyWhoWasForgottenArePassedOver() {
		String topic = broker.topic();
		EventInterceptor erased = (event) -> {
			if (event.data().toString().equals("2")) {
				throw new SubjectErasedException("The data subject was forgotten");
			}
			return event;
		};
		IntStream.rangeClosed(1, 3).forEach((i) -> broker.send(topic, "k", Integer.toString(i), Map.of()));
		runner(topic, "events.kafka.inbound[0].type=raw.json").withBean(EventInterceptor.class, () -> erased)
			.run((context) -> {
				await().atMost(SOON).until(() -> status(context).stored() == 2);
				assertThat(status(context).refused()).isEqualTo(1);
				assertThat(stored(context)).extracting(Event::data).containsExactly(1, 3);
			});
	}

	@Test
	void oneTopicOutAndInMakesNoLoop() {
		String topic = broker.topic();
		runner(topic).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			List<Event<?>> received = received(context);
			KafkaConnectorTests.subscribe(bus, "**", Map.of("topic", topic));
			bus.publish(Event.of("order.placed", 1).withKey("k"));
			// as another application would
			broker.send(topic, "k", "2", Map.of("ce_specversion", "1.0", "ce_id", UUID.randomUUID().toString(),
					"ce_source", "other", "ce_type", "order.paid"));
			await().atMost(SOON).until(() -> received.size() == 2 && status(context).duplicates() == 1);
			String id = bus.subscriptions()
				.list()
				.stream()
				.filter((info) -> info.type().equals("kafka"))
				.findFirst()
				.orElseThrow()
				.id();
			await().atMost(SOON).until(() -> bus.subscriptions().details(id).get("notSentBack").equals(1L));
			assertThat(broker.read(topic, (read) -> read.size() >= 2)).hasSize(2);
			assertThat(received).hasSize(2);
		});
	}

	@Test
	void anEventThatGoesOutAndComesIntoAnotherApplicationIsTheSame() {
		String topic = broker.topic();
		runner(topic).run((other) -> KafkaConnectorTests.runner(broker).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			KafkaConnectorTests.subscribe(bus, "**", Map.of("topic", topic));
			Event<?> sent = bus.publish(Event.of("order.placed", Map.of("id", 7)).withKey("k").withOrganization("acme"))
				.event();
			await().atMost(SOON).until(() -> status(other).stored() == 1);
			Event<?> came = stored(other).get(0);
			assertThat(came.id()).isEqualTo(sent.id());
			assertThat(came.type()).isEqualTo(sent.type());
			assertThat(came.key()).isEqualTo(sent.key());
			assertThat(came.organization()).isEqualTo(sent.organization());
			assertThat(came.correlationId()).isEqualTo(sent.correlationId());
			assertThat(came.timestamp()).isEqualTo(sent.timestamp());
			assertThat(came.data()).hasToString("{id=7}");
		}));
	}

	@Test
	void badSettingsStopTheApplication() {
		KafkaConnectorTests.runner(broker)
			.withPropertyValues("events.kafka.inbound[0].topic=t")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining(
						"group-id of topic 't' is missing, and there is no spring.kafka.consumer.group-id"));
		runner("t", "events.kafka.inbound[0].dead-letter-topic=t").run((context) -> assertThat(context).getFailure()
			.hasStackTraceContaining("dead-letter-topic must be another one than topic"));
	}

}
