package dev.events.spring.autoconfigure;

import dev.events.spring.tracing.LinkedDeliveryTracing;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * Auto-configuration of tracing, beyond what Spring Boot's own does for every
 * observation.
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration")
@ConditionalOnClass(Tracer.class)
@ConditionalOnBooleanProperty(name = "events.enabled", matchIfMissing = true)
@ConditionalOnBean({ Tracer.class, Propagator.class })
public final class EventsTracingAutoConfiguration {

	// of the handlers for an observation the first one takes it, and Spring Boot's for
	// everything that is received has 1000
	private static final int BEFORE_SPRING_BOOT = 900;

	@Bean
	@ConditionalOnMissingBean
	@Order(BEFORE_SPRING_BOOT)
	LinkedDeliveryTracing linkedEventDeliveryTracing(Tracer tracer, Propagator propagator) {
		return new LinkedDeliveryTracing(tracer, propagator);
	}

}
