package dev.events.spring.schema;

import java.util.Map;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventSchema;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.IncompatibleSchemaException;
import dev.events.InvalidSchemaException;
import dev.events.InvalidUpcasterException;
import dev.events.SchemaViolationException;
import dev.events.schema.DerivedSchemas;
import dev.events.schema.SchemaMigrations;
import dev.events.spring.EventsContext;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static dev.events.FieldOption.defaultValue;
import static dev.events.FieldOption.required;
import static dev.events.FieldType.STRING;
import static dev.events.spring.EventsContext.analysis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SchemaConfigurationTests {

	private static final EventSchema OLD = EventSchema.of("user.registered", "1.0.0").field("name", STRING, required());

	private static final EventSchema NEW = EventSchema.of("user.registered", "2.0.0")
		.field("fullName", STRING, required())
		.field("locale", STRING, required(), defaultValue("en"));

	private static final Event<?> INVALID = Event.of("user.registered", Map.of());

	private final ApplicationContextRunner runner = EventsContext.inMemory();

	private final ApplicationContextRunner withSchema = this.runner.withBean("old", EventSchema.class, () -> OLD);

	@Test
	void schemasAndUpcastersAreBeans() {
		// the newer one is defined first
		this.runner.withUserConfiguration(TwoVersions.class).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertThat(bus.schemas().versions("user.registered")).containsExactly(OLD, NEW);
			bus.publish(Event.of("user.registered", Map.of("name", "Ada")));
			Event<Object> event = bus.history("user.registered", 1).get(0);
			assertThat(event.version()).isEqualTo("2.0.0");
			assertThat(event.data()).isEqualTo(Map.of("fullName", "Ada", "locale", "en"));
		});
	}

	@Test
	void validationIsStrictUnlessSetOtherwise() {
		this.withSchema.run((context) -> assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> context.getBean(EventBus.class).publish(INVALID)));
		this.withSchema.withPropertyValues("events.schema.validation=warn").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertThat(bus.publish(INVALID).isStored()).isTrue();
			assertThat(bus.schemas().violations()).isEqualTo(1);
		});
		this.withSchema.withPropertyValues("events.schema.validation=off").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertThat(bus.publish(INVALID).isStored()).isTrue();
			assertThat(bus.schemas().violations()).isZero();
		});
	}

	@Test
	void typesWithoutASchemaCanBeRefused() {
		Event<?> unknown = Event.of("user.deleted", Map.of());
		this.withSchema
			.run((context) -> assertThat(context.getBean(EventBus.class).publish(unknown).isStored()).isTrue());
		this.withSchema.withPropertyValues("events.schema.unknown-types=refuse")
			.run((context) -> assertThatExceptionOfType(SchemaViolationException.class)
				.isThrownBy(() -> context.getBean(EventBus.class).publish(unknown)));
	}

	@Test
	void anIncompatibleVersionStopsTheApplication() {
		ApplicationContextRunner incompatible = this.withSchema.withBean("new", EventSchema.class, () -> NEW);
		incompatible.run((context) -> {
			assertThat(context).getFailure().hasRootCauseInstanceOf(IncompatibleSchemaException.class);
			assertThat(analysis(context).getDescription()).contains("'user.registered' 2.0.0 is not compatible")
				.contains("/fullName: is required now, and may be missing")
				.contains("add an upcaster from 1.0.0 to 2.0.0");
		});
		incompatible.withPropertyValues("events.schema.compatibility=none")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void upcastersThatDoNotFitTogetherStopTheApplication() {
		this.runner
			.withBean("one", EventUpcaster.class, () -> EventUpcaster.unchanged("user.registered", "1.0.0", "2.0.0"))
			.withBean("other", EventUpcaster.class, () -> EventUpcaster.unchanged("user.registered", "2.0.0", "1.0.0"))
			.run((context) -> {
				assertThat(context).getFailure().hasRootCauseInstanceOf(InvalidUpcasterException.class);
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription()).contains("closes a cycle, 2.0.0 -> 1.0.0 -> 2.0.0");
				assertThat(analysis.getAction()).contains("EventUpcaster beans");
			});
	}

	@Test
	void propertiesThatAreWrongAreExplained() {
		this.runner.withPropertyValues("events.schema.validation=lenient")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("lenient"));
	}

	@Test
	void classesCanBeDescribedByTheApplicationsMapper() {
		this.runner.withUserConfiguration(Derived.class)
			.run((context) -> assertThat(context.getBean(EventBus.class).schemas().list())
				.extracting(EventSchema::toString)
				.containsExactly("EventSchema[order.placed 1.0.0]"));
	}

	@Test
	void aSchemaThatIsNoneStopsTheApplication() {
		this.runner
			.withBean("broken", EventSchema.class,
					() -> EventSchema.parse("user.registered", "1.0.0", "{\"type\":\"text\"}"))
			.run((context) -> {
				assertThat(context).getFailure().hasRootCauseInstanceOf(InvalidSchemaException.class);
				assertThat(analysis(context).getDescription()).contains("'user.registered' 1.0.0 is not valid")
					.contains("/type must be");
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoVersions {

		@Bean
		EventSchema newer() {
			return NEW;
		}

		@Bean
		EventSchema older() {
			return OLD;
		}

		@Bean
		EventUpcaster migration() {
			return SchemaMigrations.between(OLD, NEW, Map.of("/name", "/fullName"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Derived {

		@Bean
		EventSchema placed() {
			return DerivedSchemas.of(Placed.class, JsonMapper.shared());
		}

	}

	@EventType("order.placed")
	record Placed(int number) {

	}

}
