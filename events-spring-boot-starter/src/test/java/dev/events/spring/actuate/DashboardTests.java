package dev.events.spring.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.events.Aggregation;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.Saga;
import dev.events.Subscriber;
import dev.events.spring.EventsContext;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The dashboard for Grafana, against what Prometheus would read from an application.
 */
class DashboardTests {

	private static final Pattern NAME = Pattern.compile("\\bevents_[a-z_]+");

	private static final Pattern LABEL = Pattern.compile("by \\((\\w+)\\)");

	// what is under way, beside the timer of each observation
	private static final Pattern ELSEWHERE = Pattern.compile("events_\\w+_active_seconds.*");

	private final String dashboard = Files.readString(Path.of("../docs/grafana-dashboard.json"));

	DashboardTests() throws IOException {
	}

	@Test
	void showsEveryMeterAndNoneThatIsNotThere() {
		EventsContext.inMemory()
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, ObservationAutoConfiguration.class))
			.withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
			.withBean(Saga.class, DashboardTests::saga)
			.withBean(Aggregation.class, DashboardTests::aggregation)
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				bus.subscribe(Subscriber.to("order.*").id("invoices").handler((event) -> {
				}));
				bus.publish(Event.of("order.placed", 1));
				await().until(() -> bus.stats().delivered() >= 3);
				PrometheusMeterRegistry registry = context.getBean(PrometheusMeterRegistry.class);
				await().until(() -> names(registry.scrape()).contains("events_deliver_seconds_max"));
				// meters of types and subscriptions come with the first statistics after
				// them
				EventMeters meters = new EventMeters(bus);
				meters.bindTo(registry);
				meters.refresh();
				String scraped = registry.scrape();
				Set<String> emitted = names(scraped);
				assertThat(emitted).hasSizeGreaterThan(20);
				Set<String> shown = shown();
				assertThat(emitted).containsAll(shown);
				assertThat(shown).containsAll(emitted.stream()
					.filter((name) -> !name.startsWith("events_deliver_") && !name.startsWith("events_handle_")
							&& !name.startsWith("events_append_") && !ELSEWHERE.matcher(name).matches())
					.toList());
				assertThat(shown).contains("events_deliver_seconds_max", "events_append_seconds_sum");
				Matcher label = LABEL.matcher(expressions());
				while (label.find()) {
					assertThat(scraped).contains(label.group(1) + "=\"");
				}
			});
	}

	private static Saga<Integer> saga() {
		return Saga.named("order", Integer.class).startsOn("order.placed", (event, saga) -> 0).build();
	}

	private static Aggregation<Object, Integer> aggregation() {
		return Aggregation.named("orders")
			.on("order.*")
			.by(Event::key)
			.tumbling(Duration.ofSeconds(5))
			.into(Integer.class, () -> 0, (count, event) -> count + 1)
			.publishAs("orders.counted", (count, window) -> count);
	}

	/** Names of time series, as queries use them. */
	private static Set<String> names(String scraped) {
		return scraped.lines()
			.filter((line) -> line.startsWith("events_"))
			.map((line) -> line.split("[{ ]")[0])
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private Set<String> shown() {
		return NAME.matcher(expressions())
			.results()
			.map((match) -> match.group())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private String expressions() {
		StringBuilder all = new StringBuilder();
		JsonNode panels = JsonMapper.shared().readTree(this.dashboard).path("panels");
		assertThat(panels).isNotEmpty();
		panels.forEach((panel) -> panel.path("targets")
			.forEach((target) -> all.append(target.path("expr").asString()).append('\n')));
		return all.toString();
	}

}
