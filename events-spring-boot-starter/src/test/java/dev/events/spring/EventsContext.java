package dev.events.spring;

import java.util.Objects;

import dev.events.spring.autoconfigure.EventsAutoConfiguration;
import dev.events.spring.autoconfigure.EventsEndpointAutoConfiguration;
import dev.events.spring.autoconfigure.EventsHealthContributorAutoConfiguration;
import dev.events.spring.autoconfigure.EventsKafkaAutoConfiguration;
import dev.events.spring.autoconfigure.EventsKafkaSetupAutoConfiguration;
import dev.events.spring.autoconfigure.EventsMetricsAutoConfiguration;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Contexts with this starter, for tests.
 */
public final class EventsContext {

	private EventsContext() {
	}

	/** With events in memory, and delivery quick to notice. */
	public static ApplicationContextRunner inMemory() {
		return new ApplicationContextRunner().withConfiguration(autoConfigurations())
			.withPropertyValues("events.store=memory", "events.delivery.poll-interval=20ms",
					"events.retry.initial-delay=10ms", "events.retry.max-delay=1s");
	}

	/** As applications get it that have the JDBC store. */
	public static ApplicationContextRunner plain() {
		return new ApplicationContextRunner().withClassLoader(new FilteredClassLoader("dev.events.redis"))
			.withConfiguration(autoConfigurations());
	}

	/** All auto-configurations of this starter, and Jackson's. */
	public static AutoConfigurations autoConfigurations() {
		return AutoConfigurations.of(JacksonAutoConfiguration.class, EventsAutoConfiguration.class,
				EventsEndpointAutoConfiguration.class, EventsHealthContributorAutoConfiguration.class,
				EventsKafkaAutoConfiguration.class, EventsKafkaSetupAutoConfiguration.class,
				EventsMetricsAutoConfiguration.class);
	}

	/** What Spring Boot would print instead of a stack trace. */
	public static FailureAnalysis analysis(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
			.and(Environment.class, new StandardEnvironment());
		// as Spring Boot does: analyzers whose classes are not there are left out
		FailureHandler ignore = (type, name, failure) -> {
		};
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, arguments, ignore)
			.stream()
			.map((analyzer) -> analyzer.analyze(context.getStartupFailure()))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No analysis", context.getStartupFailure()));
	}

}
