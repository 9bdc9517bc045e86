package dev.events.spring.aot;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.events.Aggregation;
import dev.events.Event;
import dev.events.EventBatch;
import dev.events.EventSubscriber;
import dev.events.EventType;
import dev.events.Saga;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.spring.autoconfigure.EventsAutoConfiguration;
import dev.events.spring.connector.ConnectorFunction;
import dev.events.spring.connector.webhook.WebhookConfig;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

class EventHintsTests {

	private static RuntimeHints hints() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of("events.store=memory").applyTo(context);
			context.register(Application.class);
			context.register(JacksonAutoConfiguration.class, EventsAutoConfiguration.class);
			AutoConfigurationPackages.register(context, Application.class.getPackageName());
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(Application.class)), new InMemoryGeneratedFiles());
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			return generation.getRuntimeHints();
		}
	}

	@Test
	void whatIsFoundByReflectionIsKept() {
		RuntimeHints hints = hints();
		for (Method method : Handlers.class.getDeclaredMethods()) {
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method).test(hints)).as(method.getName())
				.isEqualTo(!method.getName().equals("unrelated"));
		}
		for (Class<?> data : List.of(Placed.class, Line.class, Paid.class, Sent.class, Answered.class,
				OnlyPublished.class, SmsConnector.Config.class, WebhookConfig.class, Checkout.class, Visits.class,
				EventBatch.class, Viewed.class)) {
			assertThat(Arrays.stream(data.getRecordComponents()).map((component) -> component.getAccessor()))
				.as(data.getName())
				.allMatch((accessor) -> RuntimeHintsPredicates.reflection().onMethodInvocation(accessor).test(hints));
		}
		assertThat(RuntimeHintsPredicates.reflection().onType(Event.class)).rejects(hints);
	}

	record Line(String article) {

	}

	record Placed(List<Line> lines) {

	}

	record Paid(int amount) {

	}

	record Sent(String parcel) {

	}

	record Answered(String text) {

	}

	record Checkout(String id) {

	}

	record Viewed(String page) {

	}

	record Visits(int count) {

	}

	@EventType("only.published")
	record OnlyPublished(String text) {

	}

	static class Handlers {

		@EventSubscriber("order.placed")
		CompletionStage<Event<Answered>> placed(Event<Placed> event) {
			throw new UnsupportedOperationException();
		}

		@EventSubscriber("order.paid")
		void paid(List<Event<Paid>> events) {
		}

		@EventSubscriber("pages.viewed")
		void viewed(EventBatch<Viewed> batch) {
		}

		@ConnectorFunction
		public void sent(Sent data) {
		}

		void unrelated() {
		}

	}

	static class SmsConnector implements EventConnector<SmsConnector.Config> {

		record Config(String number) {

		}

		@Override
		public String type() {
			return "sms";
		}

		@Override
		public Class<Config> configType() {
			return Config.class;
		}

		@Override
		public EventConnection connect(Config config, ConnectorContext context) {
			return (event, delivery) -> {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Handlers.class, SmsConnector.class })
	static class Application {

		@Bean
		Saga<Checkout> checkout() {
			return Saga.named("checkout", Checkout.class)
				.startsOn("order.placed", (event, saga) -> new Checkout("1"))
				.build();
		}

		@Bean
		Aggregation<Object, Visits> visits() {
			return Aggregation.named("visits")
				.on("page.visited")
				.tumbling(Duration.ofSeconds(5))
				.into(Visits.class, () -> new Visits(0), (visits, event) -> new Visits(visits.count() + 1))
				.publishAs("page.counted", (visits, window) -> visits);
		}

	}

}
