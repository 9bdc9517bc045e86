package dev.events.spring.tracing;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.observation.DefaultEventPublishConvention;
import dev.events.observation.EventPublishContext;
import dev.events.observation.EventPublishConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static dev.events.spring.tracing.TracedNodes.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

@Timeout(120)
class TracingTests {

	private final TracedNodes nodes = new TracedNodes();

	private void onTwoNodes(BiConsumer<ApplicationContext, ApplicationContext> scenario, String... properties) {
		ApplicationContextRunner publisher = this.nodes.node("publisher").withPropertyValues(properties);
		ApplicationContextRunner subscriber = this.nodes.node("subscriber").withPropertyValues(properties);
		publisher.run((first) -> subscriber.run((second) -> scenario.accept(first, second)));
	}

	private static EventBus bus(ApplicationContext node) {
		return node.getBean(EventBus.class);
	}

	@Test
	void oneTraceSpansPublisherAndSubscribersOnOtherNodes() {
		onTwoNodes((publisher, subscriber) -> {
			BlockingQueue<Map<String, String>> logged = new LinkedBlockingQueue<>();
			bus(subscriber).subscribe(Subscriber.to("order.placed").id("invoices").function((event, delivery) -> {
				logged.add(MDC.getCopyOfContextMap());
				return Event.of("order.invoiced", 1);
			}));
			bus(subscriber).subscribe(Subscriber.to("order.invoiced").id("mail").handler((event) -> {
			}));
			Event<Integer> order = Event.of("order.placed", 1).withCorrelationId("c-1");
			Observation.createNotStarted("request", publisher.getBean(ObservationRegistry.class))
				.observe(() -> bus(publisher).publish(order));
			SpanData request = this.nodes.span("request");
			SpanData publish = this.nodes.span("publish order.placed");
			SpanData deliver = this.nodes.span("deliver order.placed");
			SpanData answer = this.nodes.span("publish order.invoiced");
			SpanData mail = this.nodes.span("deliver order.invoiced");
			SpanData append = this.nodes.spans("append order.placed", 1).get(0);
			SpanData handle = this.nodes.span("handle invoices");
			assertThat(append.getParentSpanId()).isEqualTo(publish.getSpanId());
			assertThat(handle.getParentSpanId()).isEqualTo(deliver.getSpanId());
			assertThat(List.of(publish, deliver, answer, mail)).extracting(SpanData::getTraceId)
				.containsOnly(request.getTraceId());
			assertThat(publish.getParentSpanId()).isEqualTo(request.getSpanId());
			assertThat(deliver.getParentSpanId()).isEqualTo(publish.getSpanId());
			assertThat(answer.getParentSpanId()).isEqualTo(deliver.getSpanId());
			assertThat(mail.getParentSpanId()).isEqualTo(answer.getSpanId());
			assertThat(List.of(publish, deliver, answer, mail)).extracting(SpanData::getKind)
				.containsExactly(SpanKind.PRODUCER, SpanKind.CONSUMER, SpanKind.PRODUCER, SpanKind.CONSUMER);
			assertThat(List.of(publish, deliver, answer, mail)).extracting(TracedNodes::node)
				.containsExactly("publisher", "subscriber", "subscriber", "subscriber");
			String id = order.id().toString();
			assertThat(attributes(publish)).isEqualTo(Map.of("messaging.system", "events", "messaging.operation.name",
					"publish", "messaging.operation.type", "send", "messaging.destination.name", "order.placed",
					"messaging.message.id", id, "messaging.message.conversation_id", "c-1", "events.source",
					"publisher", "events.outcome", "stored", "error.type", "none"));
			assertThat(attributes(deliver)).isEqualTo(Map.of("messaging.system", "events", "messaging.operation.name",
					"deliver", "messaging.operation.type", "process", "messaging.destination.name", "order.placed",
					"messaging.consumer.group.name", "invoices", "messaging.message.id", id,
					"messaging.message.conversation_id", "c-1", "events.attempt", "1", "events.replay", "false",
					"error.type", "none"));
			assertThat(logged.remove()).containsEntry("traceId", request.getTraceId())
				.containsEntry("spanId", handle.getSpanId())
				.containsEntry("eventId", id)
				.containsEntry("eventSubscription", "invoices");
		});
	}

	private static Map<String, String> attributes(SpanData span) {
		Map<String, String> attributes = new TreeMap<>();
		span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value.toString()));
		return attributes;
	}

	@Test
	void everyAttemptHasASpanAndAFailureIsAnError() {
		onTwoNodes((publisher, subscriber) -> {
			bus(subscriber).subscribe(Subscriber.to("order.*").id("flaky").function((event, delivery) -> {
				if (delivery.attempt() == 1) {
					throw new IllegalStateException("printer jam");
				}
				return null;
			}));
			bus(publisher).publish(Event.of("order.placed", 1));
			SpanData publish = this.nodes.span("publish order.placed");
			List<SpanData> attempts = this.nodes.spans("deliver order.placed", 2);
			assertThat(attempts).extracting(SpanData::getParentSpanId).containsOnly(publish.getSpanId());
			assertThat(attempts).extracting((span) -> attribute(span, "events.attempt")).containsExactly("1", "2");
			assertThat(attempts).extracting((span) -> span.getStatus().getStatusCode())
				.containsExactly(StatusCode.ERROR, StatusCode.UNSET);
			assertThat(attempts.get(0).getEvents()).singleElement()
				.satisfies((event) -> assertThat(event.getAttributes().asMap().values()).contains("printer jam"));
		});
	}

	@Test
	void aBatchIsLinkedToTheTracesOfItsEvents() {
		onTwoNodes((publisher, subscriber) -> {
			bus(publisher).publish(Event.of("order.placed", 1));
			bus(publisher).publishAll(List.of(Event.of("order.paid", 1), Event.of("order.paid", 2)));
			bus(publisher).publish(Event.of("order.sent", 1).withMetadata("traceparent", "not one"));
			// from the beginning, so that they come together
			bus(subscriber).subscribe(Subscriber.to("order.*")
				.id("list")
				.partitions(1)
				.startAt(StartPosition.BEGINNING)
				.batch(10)
				.batchHandler((events) -> {
				}));
			SpanData first = this.nodes.span("publish order.placed");
			SpanData second = this.nodes.span("publish order.paid");
			SpanData deliver = this.nodes.span("deliver");
			assertThat(deliver.getParentSpanContext().isValid()).isFalse();
			assertThat(deliver.getTraceId()).isNotIn(first.getTraceId(), second.getTraceId());
			assertThat(deliver.getKind()).isEqualTo(SpanKind.CONSUMER);
			assertThat(deliver.getLinks()).extracting(LinkData::getSpanContext)
				.extracting("traceId", "spanId")
				.containsExactly(tuple(first.getTraceId(), first.getSpanId()),
						tuple(second.getTraceId(), second.getSpanId()));
			assertThat(attribute(deliver, "messaging.batch.message_count")).isEqualTo("4");
			assertThat(attribute(deliver, "messaging.destination.name")).isEqualTo("none");
		});
	}

	@Test
	void aReplayIsLinkedToTheTraceOfTheEvent() {
		onTwoNodes((publisher, subscriber) -> {
			bus(subscriber).subscribe(Subscriber.to("order.*").id("s").handler((event) -> {
			}));
			bus(publisher).publish(Event.of("order.placed", 1));
			SpanData publish = this.nodes.span("publish order.placed");
			this.nodes.span("deliver order.placed");
			bus(publisher).replay().subscriber("s").start();
			SpanData replayed = this.nodes.spans("deliver order.placed", 2).get(1);
			assertThat(attribute(replayed, "events.replay")).isEqualTo("true");
			assertThat(replayed.getTraceId()).isNotEqualTo(publish.getTraceId());
			assertThat(replayed.getLinks()).singleElement()
				.satisfies((link) -> assertThat(link.getSpanContext().getSpanId()).isEqualTo(publish.getSpanId()));
		});
	}

	@Test
	void baggageTravelsAlongAndEncryptionDoesNotHide() {
		String key = Base64.getEncoder().encodeToString(new byte[32]);
		onTwoNodes((publisher, subscriber) -> {
			BlockingQueue<String> seen = new LinkedBlockingQueue<>();
			Tracer reader = subscriber.getBean(Tracer.class);
			bus(subscriber).subscribe(Subscriber.to("order.*")
				.id("s")
				.handler((event) -> seen
					.add(reader.getBaggage("tenant").get() + " " + MDC.get("tenant") + " " + event.data())));
			Observation.createNotStarted("request", publisher.getBean(ObservationRegistry.class)).observe(() -> {
				try (BaggageInScope baggage = publisher.getBean(Tracer.class).createBaggageInScope("tenant", "acme")) {
					assertThat(baggage.get()).isEqualTo("acme");
					bus(publisher).publish(Event.of("order.placed", 7));
				}
			});
			assertThat(poll(seen)).isEqualTo("acme acme 7");
			assertThat(this.nodes.span("deliver order.placed").getTraceId())
				.isEqualTo(this.nodes.span("request").getTraceId());
		}, "management.tracing.baggage.remote-fields=tenant", "management.tracing.baggage.correlation.fields=tenant",
				"events.encryption.active-key=k1", "events.encryption.keys.k1=" + key,
				"events.encryption.types[order.*].enabled=true");
	}

	private static String poll(BlockingQueue<String> queue) {
		try {
			String value = queue.poll(20, TimeUnit.SECONDS);
			return (value != null) ? value : "nothing";
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aConventionIsReplacedByABean() {
		this.nodes.node("shop").withBean("own", EventPublishConvention.class, OwnConvention::new).run((context) -> {
			bus(context).publish(Event.of("order.placed", 1));
			assertThat(this.nodes.span("sent").getKind()).isEqualTo(SpanKind.PRODUCER);
		});
	}

	@Test
	void observationsCanBeSwitchedOff() {
		this.nodes.node("shop").withPropertyValues("management.observations.enable.events=false").run((context) -> {
			bus(context).subscribe("order.*", (event) -> {
			});
			Observation.createNotStarted("request", context.getBean(ObservationRegistry.class))
				.observe(() -> assertThat(bus(context).publish(Event.of("order.placed", 1)).event().metadata())
					.isEmpty());
			await().until(() -> bus(context).stats().delivered() == 1);
			assertThat(this.nodes.names()).containsExactly("request");
		});
	}

	@Test
	void mdcCanBeSwitchedOff() {
		this.nodes.node("shop").withPropertyValues("events.logging.mdc=false").run((context) -> {
			BlockingQueue<Map<String, String>> logged = new LinkedBlockingQueue<>();
			bus(context).subscribe("order.*", (event) -> logged.add(MDC.getCopyOfContextMap()));
			bus(context).publish(Event.of("order.placed", 1));
			await().until(() -> !logged.isEmpty());
			assertThat(logged.remove()).containsOnlyKeys("traceId", "spanId");
		});
	}

	private static final class OwnConvention extends DefaultEventPublishConvention {

		@Override
		public String getContextualName(EventPublishContext context) {
			return "sent";
		}

	}

}
