package dev.events.spring.connector.webhook;

import java.util.List;
import java.util.Map;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.SubscriptionDefinition;
import dev.events.SubscriptionInfo;
import dev.events.spring.tracing.TracedNodes;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(120)
class WebhookTracingTests {

	private final Receiver receiver = new Receiver(Receiver.status(204));

	private final TracedNodes nodes = new TracedNodes();

	private final ApplicationContextRunner runner = this.nodes.node("shop")
		.withPropertyValues("events.webhook.allow-http=true", "events.webhook.allowed-networks=127.0.0.1,::1",
				"management.tracing.baggage.remote-fields=tenant");

	@AfterEach
	void close() {
		this.receiver.close();
	}

	private void create(EventBus bus, Map<String, Object> headers) {
		bus.subscriptions()
			.create(SubscriptionDefinition.of("webhook", "order.*")
				.withId("hook")
				.withConfig(Map.of("url", this.receiver.url(), "secret", Receiver.SECRET, "headers", headers,
						"delivery", Map.of("initialDelay", "PT0.02S", "maxDelay", "PT0.1S"))));
		await().until(() -> bus.subscriptions().find("hook").orElseThrow().state() == SubscriptionInfo.State.ACTIVE);
	}

	private static List<String> header(Receiver.Request request, String name) {
		return request.headers()
			.entrySet()
			.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase(name))
			.flatMap((header) -> header.getValue().stream())
			.toList();
	}

	@Test
	void theReceiverGetsTheTraceButNoBaggage() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, Map.of());
			this.receiver.answer(Receiver.status(503));
			try (BaggageInScope baggage = context.getBean(Tracer.class).createBaggageInScope("tenant", "acme")) {
				assertThat(baggage.get()).isEqualTo("acme");
				assertThat(bus.publish(Event.of("order.placed", 1)).event().metadata()).containsValue("acme");
			}
			await().until(() -> !this.receiver.requests.isEmpty());
			this.receiver.answer(Receiver.status(204));
			await().until(() -> !this.receiver.taken.isEmpty());
			SpanData publish = this.nodes.span("publish order.placed");
			await().untilAsserted(() -> assertThat(this.nodes.spans("POST", this.receiver.requests.size()))
				.allSatisfy((call) -> assertThat(call.getTraceId()).isEqualTo(publish.getTraceId())));
			List<SpanData> calls = this.nodes.spans("POST", this.receiver.requests.size());
			List<SpanData> attempts = this.nodes.spans("deliver order.placed", calls.size());
			for (int i = 0; i < calls.size(); i++) {
				SpanData call = calls.get(i);
				assertThat(call.getKind()).isEqualTo(SpanKind.CLIENT);
				SpanData handle = this.nodes.byId(call.getParentSpanId());
				assertThat(handle.getParentSpanId()).isEqualTo(attempts.get(i).getSpanId());
				assertThat(TracedNodes.attribute(call, "server.address")).isEqualTo("localhost");
				assertThat(header(this.receiver.requests.get(i), "traceparent")).singleElement()
					.asString()
					.startsWith("00-" + call.getTraceId() + "-" + call.getSpanId() + "-");
				assertThat(header(this.receiver.requests.get(i), "baggage")).isEmpty();
				assertThat(header(this.receiver.requests.get(i), "tenant")).isEmpty();
			}
			assertThat(TracedNodes.attribute(calls.get(0), "http.response.status_code")).isEqualTo("503");
			assertThat(attempts.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
			assertThat(TracedNodes.attribute(calls.get(calls.size() - 1), "http.response.status_code"))
				.isEqualTo("204");
		});
	}

	@Test
	void aConfiguredHeaderStays() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			create(bus, Map.of("Traceparent", "own"));
			bus.publish(Event.of("order.placed", 1));
			await().until(() -> !this.receiver.taken.isEmpty());
			assertThat(header(this.receiver.taken.get(0), "traceparent")).containsExactly("own");
		});
	}

}
