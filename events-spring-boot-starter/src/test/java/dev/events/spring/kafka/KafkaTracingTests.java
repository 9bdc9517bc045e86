package dev.events.spring.kafka;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.Subscriber;
import dev.events.spring.tracing.TracedNodes;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A trace that goes through Kafka.
 */
@Timeout(180)
class KafkaTracingTests {

	private static Broker broker;

	private final TracedNodes nodes = new TracedNodes();

	@BeforeAll
	static void start() {
		broker = new Broker();
	}

	@AfterAll
	static void stop() {
		broker.close();
	}

	/** An application with a database of its own. */
	private ApplicationContextRunner application(String name) {
		return this.nodes.node(name)
			.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
			.withPropertyValues("spring.kafka.bootstrap-servers=" + broker.servers(),
					"spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
					"management.tracing.baggage.remote-fields=tenant");
	}

	private ApplicationContextRunner reader(String topic) {
		return application("reader").withPropertyValues("events.kafka.inbound[0].topic=" + topic,
				"events.kafka.inbound[0].group-id=g-" + topic, "events.kafka.inbound[0].type=order.placed",
				"events.kafka.inbound[0].source=shop");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cloudevents-binary", "data" })
	void oneTraceSpansTwoApplicationsWithKafkaBetween(String format) {
		String topic = broker.topic();
		application("shop").run((shop) -> reader(topic).run((reader) -> {
			reader.getBean(EventBus.class).subscribe(Subscriber.to("order.*").id("invoices").handler((event) -> {
			}));
			EventBus bus = shop.getBean(EventBus.class);
			KafkaConnectorTests.subscribe(bus, "order.*", Map.of("topic", topic, "format", format));
			Observation.createNotStarted("request", shop.getBean(ObservationRegistry.class)).observe(() -> {
				try (BaggageInScope baggage = shop.getBean(Tracer.class).createBaggageInScope("tenant", "acme")) {
					assertThat(baggage.get()).isEqualTo("acme");
					bus.publish(Event.of("order.placed", Map.of("id", 7)));
				}
			});
			SpanData publish = this.nodes.spans("publish order.placed", 2).get(0);
			SpanData handled = this.nodes.span("handle invoices");
			SpanData deliver = this.nodes.spans("deliver order.placed", 2)
				.stream()
				.filter((span) -> "reader".equals(TracedNodes.node(span)))
				.findFirst()
				.orElseThrow();
			assertThat(deliver.getParentSpanId()).isEqualTo(publish.getSpanId());
			assertThat(handled.getTraceId()).isEqualTo(publish.getTraceId())
				.isEqualTo(this.nodes.span("request").getTraceId());
			ConsumerRecord<String, String> kafkaRecord = broker.read(topic, (records) -> records.size() == 1).get(0);
			assertThat(Broker.header(kafkaRecord, "traceparent"))
				.startsWith("00-" + publish.getTraceId() + "-" + publish.getSpanId() + "-");
			// it was not written for others
			assertThat(Broker.header(kafkaRecord, "baggage")).isNull();
			SpanData send = this.nodes.span("send " + topic);
			assertThat(send.getKind()).isEqualTo(SpanKind.CLIENT);
			assertThat(TracedNodes.attribute(send, "messaging.system")).isEqualTo("kafka");
			assertThat(TracedNodes.attribute(send, "messaging.batch.message_count")).isEqualTo("1");
		}));
	}

	@Test
	void aTraceThatBeganElsewhereGoesOn() {
		String topic = broker.topic();
		String trace = "0af7651916cd43dd8448eb211c80319c";
		broker.send(topic, "k", "1", Map.of("traceparent", "00-" + trace + "-b7ad6b7169203331-01", "tracestate",
				"vendor=1", "baggage", "tenant=acme"));
		broker.send(topic, "k", "2", Map.of("traceparent", "nonsense"));
		reader(topic).run((reader) -> {
			EventBus bus = reader.getBean(EventBus.class);
			bus.subscribe(Subscriber.to("order.*").id("invoices").partitions(1).handler((event) -> {
			}));
			List<SpanData> delivered = this.nodes.spans("deliver order.placed", 2);
			assertThat(delivered.get(0).getTraceId()).isEqualTo(trace);
			assertThat(delivered.get(0).getParentSpanId()).isEqualTo("b7ad6b7169203331");
			assertThat(delivered.get(1).getTraceId()).isNotEqualTo(trace);
			assertThat(bus.history("order.*", 2)).extracting((event) -> event.metadata().get("baggage"))
				.containsOnlyNulls();
		});
	}

}
