package dev.events.spring.actuate;

import java.time.Duration;
import java.util.Map;

import dev.events.Aggregation;
import dev.events.Event;
import dev.events.EventBus;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Aggregations that are beans, their endpoint and their meters.
 */
@SpringBootTest(classes = AggregationBeanTests.Application.class,
		properties = { "events.store=memory", "events.subscribers[aggregation.clicks].partitions=2",
				"management.endpoints.web.exposure.include=*", "spring.jpa.open-in-view=false" })
@AutoConfigureMockMvc
class AggregationBeanTests {

	@Autowired
	MockMvcTester mvc;

	@Autowired
	EventBus bus;

	@Autowired
	MeterRegistry meters;

	@Test
	void beanIsRegisteredConfiguredAsAnySubscriberAndSeen() {
		this.bus.publish(Event.of("click", Map.of()).withKey("page"));
		this.bus.publish(Event.of("click", Map.of()).withKey("page"));
		await()
			.untilAsserted(() -> assertThat(this.bus.history("clicks", 10)).extracting(Event::data).containsExactly(2));
		this.bus.publish(Event.of("click", Map.of()).withKey("other page"));
		await().until(() -> this.bus.aggregations().stats().get(0).open() == 1);
		assertThat(this.bus.stats().subscriptions()).filteredOn((info) -> info.id().equals("aggregation.clicks"))
			.singleElement()
			.satisfies((info) -> assertThat(info.partitions()).isEqualTo(2));
		assertThat(this.mvc.get().uri("/actuator/eventaggregations")).hasStatusOk().bodyJson().satisfies((json) -> {
			json.assertThat().extractingPath("$.aggregations[0].aggregation").isEqualTo("clicks");
			json.assertThat().extractingPath("$.aggregations[0].registered").isEqualTo(true);
			json.assertThat().extractingPath("$.aggregations[0].open").isEqualTo(1);
			json.assertThat().extractingPath("$.aggregations[0].events").isEqualTo(3);
		});
		assertThat(this.meters.get("events.aggregation.ended").tag("aggregation", "clicks").functionCounter())
			.isNotNull();
		assertThat(this.meters.get("events.aggregations").tag("status", "open").gauge()).isNotNull();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(OpenToAll.class)
	static class Application {

		@Bean
		Aggregation<Object, Integer> clicks() {
			return Aggregation.named("clicks")
				.on("click")
				.tumbling(Duration.ofHours(1))
				.into(Integer.class, () -> 0, (count, event) -> count + 1)
				.maxEvents(2)
				.publishAs("clicks", (count, window) -> count);
		}

	}

}
