package dev.events.spring.tracing;

import java.util.List;
import java.util.UUID;

import dev.events.spring.EventsContext;
import dev.events.spring.autoconfigure.EventsTracingAutoConfiguration;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryEventPublisherBeansApplicationListener;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications with one database, traced by Spring Boot's set-up with OpenTelemetry, and
 * the spans they export.
 */
public final class TracedNodes {

	private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

	private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

	/** One of them. */
	public ApplicationContextRunner node(String name) {
		return EventsContext.plain()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
					JdbcTemplateAutoConfiguration.class, ObservationAutoConfiguration.class,
					MicrometerTracingAutoConfiguration.class, OpenTelemetrySdkAutoConfiguration.class,
					OpenTelemetryTracingAutoConfiguration.class, EventsTracingAutoConfiguration.class))
			// as every SpringApplication has it: trace ids in the MDC
			.withInitializer((context) -> context
				.addApplicationListener(new OpenTelemetryEventPublisherBeansApplicationListener()))
			// exported when they end, not some seconds later
			.withBean("exported", SpanProcessor.class, () -> SimpleSpanProcessor.create(this.exporter))
			.withPropertyValues("spring.application.name=" + name, "spring.datasource.url=" + this.url,
					"management.tracing.sampling.probability=1.0", "events.delivery.poll-interval=50ms",
					"events.retry.initial-delay=10ms");
	}

	/** Spans with a name, the first to end first; waits until there are so many. */
	public List<SpanData> spans(String name, int count) {
		await().untilAsserted(() -> assertThat(spans(name)).as(name).hasSize(count));
		return spans(name);
	}

	/** The only span with a name. */
	public SpanData span(String name) {
		return spans(name, 1).get(0);
	}

	/** The span with an id, which has ended. */
	public SpanData byId(String id) {
		return this.exporter.getFinishedSpanItems()
			.stream()
			.filter((span) -> span.getSpanId().equals(id))
			.findFirst()
			.orElseThrow();
	}

	private List<SpanData> spans(String name) {
		return this.exporter.getFinishedSpanItems().stream().filter((span) -> span.getName().equals(name)).toList();
	}

	/** Names of all spans. */
	public List<String> names() {
		return this.exporter.getFinishedSpanItems().stream().map(SpanData::getName).toList();
	}

	/** An attribute of a span. */
	public static @Nullable String attribute(SpanData span, String name) {
		return span.getAttributes().get(AttributeKey.stringKey(name));
	}

	/** Name of the application that a span is of. */
	public static @Nullable String node(SpanData span) {
		return span.getResource().getAttribute(AttributeKey.stringKey("service.name"));
	}

}
