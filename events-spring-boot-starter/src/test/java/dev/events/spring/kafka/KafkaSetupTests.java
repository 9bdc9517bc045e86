package dev.events.spring.kafka;

import java.util.Map;

import dev.events.spring.EventsContext;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Topics are read, or the application says why not.
 */
class KafkaSetupTests {

	private final ApplicationContextRunner runner = EventsContext.inMemory()
		.withPropertyValues("events.kafka.inbound[0].topic=orders", "events.kafka.inbound[0].group-id=shop");

	@Test
	void withoutKafkaNobodyWouldReadTheTopics() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.kafka")).run((context) -> {
			FailureAnalysis analysis = EventsContext.analysis(context);
			assertThat(analysis.getDescription()).contains("events.kafka.inbound");
			assertThat(analysis.getAction()).contains("spring-boot-starter-kafka");
		});
	}

	@Test
	void withoutTopicsNothingIsAmiss() {
		EventsContext.inMemory()
			.withClassLoader(new FilteredClassLoader("org.springframework.kafka"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void withSeveralProducerFactoriesNobodyWouldReadTheTopics() {
		this.runner.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
			.withBean("one", ProducerFactory.class, () -> new DefaultKafkaProducerFactory<>(Map.of()))
			.withBean("two", ProducerFactory.class, () -> new DefaultKafkaProducerFactory<>(Map.of()))
			.run((context) -> {
				FailureAnalysis analysis = EventsContext.analysis(context);
				assertThat(analysis.getDescription()).contains("events.kafka.inbound");
				assertThat(analysis.getAction()).contains("ProducerFactory");
			});
	}

}
