package dev.events.spring.autoconfigure;

import java.util.Set;

import dev.events.Event;
import dev.events.EventAccessDeniedException;
import dev.events.EventAccessPolicy;
import dev.events.EventBus;
import dev.events.spring.access.PublisherAuthorities;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who may publish, as it is configured.
 */
class EventAccessConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventsAutoConfiguration.class))
		.withPropertyValues("events.store=memory");

	private final ApplicationContextRunner withAuthorities = this.runner.withPropertyValues(
			"events.access.publish[0].type=payment.*", "events.access.publish[0].authorities=CASHIER,ADMIN");

	@Test
	void withoutRulesNothingIsRefused() {
		this.runner.run((context) -> context.getBean(EventBus.class).publish(Event.of("payment.made", 1)));
	}

	@Test
	void policiesOfTheApplicationAreAsked() {
		this.runner.withBean(EventAccessPolicy.class, () -> new EventAccessPolicy() {

			@Override
			public void checkPublish(Event<?> event) {
				throw new EventAccessDeniedException("Nobody publishes");
			}

		})
			.run((context) -> assertThatExceptionOfType(EventAccessDeniedException.class)
				.isThrownBy(() -> context.getBean(EventBus.class).publish(Event.of("payment.made", 1)))
				.withMessage("Nobody publishes"));
	}

	@Test
	void authoritiesMayComeFromElsewhere() {
		this.withAuthorities.withBean(PublisherAuthorities.class, () -> () -> Set.of("ADMIN"))
			.run((context) -> context.getBean(EventBus.class).publish(Event.of("payment.made", 1)));
	}

	@Test
	void authoritiesWithoutAnybodyWhoTellsThemAreRefused() {
		this.withAuthorities.withClassLoader(new FilteredClassLoader(SecurityContextHolder.class))
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("Spring Security is not on the class path"));
	}

	@Test
	void wrongRulesAreRefused() {
		this.runner.withPropertyValues("events.access.publish[0].type=payment.*")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("events.access.publish[0] allows everybody"));
		this.runner.withPropertyValues("events.access.publish[0].sources=a")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("events.access.publish[0].type is missing"));
	}

}
