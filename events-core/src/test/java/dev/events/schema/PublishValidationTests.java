package dev.events.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.events.DeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.EventSchema;
import dev.events.NonRetryableEventException;
import dev.events.SchemaViolation;
import dev.events.SchemaViolationException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.codec.EventCodec;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventEncryption;
import dev.events.memory.MemoryEventStore;
import dev.events.upcast.Upcasters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import static dev.events.FieldOption.required;
import static dev.events.FieldType.INTEGER;
import static dev.events.FieldType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class PublishValidationTests {

	private static final EventSchema SCHEMA = EventSchema.of("user.registered", "1.0.0")
		.field("email", STRING, required())
		.object("address", (address) -> address.field("zip", INTEGER, required()));

	private static final Map<String, Object> VALID = Map.of("email", "ada@example.com");

	private static final Map<String, Object> INVALID = Map.of("address", Map.of("zip", "secret"), "other", "secret");

	private final MemoryEventStore store = new MemoryEventStore();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	private DurableEventBus bus(SchemaSettings settings) {
		return bus(DurableEventBus.builder(this.store).schemas(settings));
	}

	private DurableEventBus bus(EventBusBuilder builder) {
		DurableEventBus bus = builder.build();
		this.buses.add(bus);
		bus.schemas().register(SCHEMA);
		return bus;
	}

	private static Event<Object> event(Map<String, Object> data) {
		return Event.of("user.registered", data);
	}

	private Logger logger() {
		return (Logger) LoggerFactory.getLogger(PublishValidation.class);
	}

	@BeforeEach
	void watchLog() {
		this.log.start();
		logger().addAppender(this.log);
	}

	@AfterEach
	void close() {
		logger().detachAppender(this.log);
		this.buses.forEach(DurableEventBus::close);
	}

	@Test
	void strictRefusesAndNamesEveryFieldButNoValue() {
		DurableEventBus bus = bus(SchemaSettings.DEFAULT);
		bus.publish(event(VALID));
		assertThatExceptionOfType(SchemaViolationException.class).isThrownBy(() -> bus.publish(event(INVALID)))
			.satisfies((ex) -> assertThat(ex.violations()).containsExactlyInAnyOrder(
					new SchemaViolation("/email", "is required"),
					new SchemaViolation("/address/zip", "must be integer"),
					new SchemaViolation("/other", "is not allowed")))
			.withMessageStartingWith("The data does not fit the schema of 'user.registered' 1.0.0: ")
			.withMessageContaining("/address/zip must be integer")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		assertThat(bus.history("**", 10)).hasSize(1);
		assertThat(bus.stats().rejected()).isEqualTo(1);
		assertThat(bus.schemas().violations()).isEqualTo(1);
	}

	@Test
	void nothingOfACallIsPublishedWhenOneEventIsRefused() {
		DurableEventBus bus = bus(SchemaSettings.DEFAULT);
		List<Object> seen = new CopyOnWriteArrayList<>();
		bus.subscribe(Subscriber.to("**").synchronous().handler((event) -> seen.add(event.type())));
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> bus.publishAll(List.of(event(VALID), event(INVALID))));
		assertThat(seen).isEmpty();
		assertThat(bus.history("**", 10)).isEmpty();
	}

	@Test
	void whatInterceptorsMakeOfTheEventIsValidated() {
		DurableEventBus bus = bus(DurableEventBus.builder(this.store)
			.interceptors(List.of((event) -> event.withData(event.data().equals(VALID) ? INVALID : VALID))));
		assertThatNoException().isThrownBy(() -> bus.publish(event(INVALID)));
		assertThatExceptionOfType(SchemaViolationException.class).isThrownBy(() -> bus.publish(event(VALID)));
	}

	@Test
	void warnPublishesLogsOnceInAWhileAndCounts() {
		DurableEventBus bus = bus(SchemaSettings.DEFAULT.withValidation(SchemaValidation.WARN));
		for (int i = 0; i < 5; i++) {
			bus.publish(event(INVALID));
		}
		assertThat(bus.history("**", 10)).hasSize(5);
		assertThat(bus.schemas().violations()).isEqualTo(5);
		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("/email is required")
				.doesNotContain("secret"));
	}

	@Test
	void offPublishesEverything() {
		DurableEventBus bus = bus(
				SchemaSettings.DEFAULT.withValidation(SchemaValidation.OFF).withUnknownTypes(UnknownTypes.REFUSE));
		bus.publish(event(INVALID));
		bus.publish(Event.of("user.deleted", Map.of()));
		assertThat(bus.schemas().violations()).isZero();
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void typesWithoutASchemaAreAllowedOrRefused() {
		bus(SchemaSettings.DEFAULT).publish(Event.of("user.deleted", Map.of()));
		DurableEventBus refusing = bus(SchemaSettings.DEFAULT.withUnknownTypes(UnknownTypes.REFUSE));
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> refusing.publish(Event.of("user.deleted", Map.of())))
			.withMessageContaining("Event type 'user.deleted' has no schema")
			.withMessageContaining("events.schema.unknown-types");
		refusing.publish(event(VALID));
	}

	@Test
	void versionsWithoutASchemaAreRefusedWhereTheTypeHasOne() {
		DurableEventBus bus = bus(SchemaSettings.DEFAULT);
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> bus.publish(event(VALID).withVersion("1.1.0")))
			.withMessage("Event type 'user.registered' has no schema of version 1.1.0, only of 1.0.0: register one, or "
					+ "publish one of these versions");
	}

	@Test
	void anotherNodeSeesASchemaThatItHasNotHeardOf() {
		DurableEventBus other = DurableEventBus.builder(this.store).build();
		this.buses.add(other);
		bus(SchemaSettings.DEFAULT);
		assertThatExceptionOfType(SchemaViolationException.class).isThrownBy(() -> other.publish(event(INVALID)));
	}

	@Test
	void anotherNodeSeesANewVersionWhenItNeedsIt() {
		DurableEventBus bus = bus(SchemaSettings.DEFAULT);
		DurableEventBus other = bus(SchemaSettings.DEFAULT);
		other.publish(event(VALID));
		bus.schemas().register(SCHEMA.withVersion("1.1.0"));
		await().untilAsserted(
				() -> assertThatNoException().isThrownBy(() -> other.publish(event(VALID).withVersion("1.1.0"))));
	}

	@Test
	void editedDeadLettersAreValidated() {
		DurableEventBus bus = bus(SchemaSettings.DEFAULT);
		bus.subscribe(Subscriber.to("user.registered").id("failing").handler((event) -> {
			throw new NonRetryableEventException("no");
		}));
		bus.start();
		bus.publish(event(VALID));
		await().until(() -> bus.deadLetters().count(Filter.all()) == 1);
		DeadLetter letter = bus.deadLetters().list(Filter.all(), 1, null).deadLetters().get(0);
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> bus.deadLetters().retry(letter.id(), INVALID))
			.withMessageContaining("/email is required");
		assertThat(bus.deadLetters().find(letter.id())).isPresent();
		assertThat(bus.deadLetters().retry(letter.id(), Map.of("email", "other"))).isTrue();
	}

	@Test
	void aNodeThatCannotValidateLetsForeignSchemasPassAndRegistersNone() {
		bus(SchemaSettings.DEFAULT);
		SchemaCompiler missing = (schema) -> {
			throw new SchemaCompiler.MissingValidatorException(schema, new ClassNotFoundException());
		};
		EventCodec codec = new EventCodec(JsonMapper.shared(), 1000, Upcasters.NONE,
				EventEncryption.of(EncryptionSettings.NONE, this.store, JsonMapper.shared()));
		StoredSchemas schemas = new StoredSchemas(this.store.schemas(), SchemaSettings.DEFAULT, codec,
				JsonMapper.shared(), Upcasters.NONE, missing, new SchemaCache(this.store.schemas(), System::nanoTime));
		for (int i = 0; i < 3; i++) {
			schemas.validation().validate("user.registered", "1.0.0", "{}");
		}
		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage())
				.contains("add the dependency com.networknt:json-schema-validator"));
		assertThatExceptionOfType(SchemaCompiler.MissingValidatorException.class)
			.isThrownBy(() -> schemas.register(SCHEMA.withVersion("1.1.0")))
			.withMessageContaining("add the dependency com.networknt:json-schema-validator")
			.withMessageContaining("events.schema.validation=off");
		assertThat(schemas.versions("user.registered")).hasSize(1);
	}

	@Test
	void publishersDoNotWaitForAStoreThatHangs() {
		SchemaCache cache = new SchemaCache(new HangingSchemas(), System::nanoTime);
		assertThat(cache.current()).isEqualTo(SchemaSnapshot.EMPTY);
		long start = System.nanoTime();
		for (int i = 0; i < 1000; i++) {
			cache.current();
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
	}

}
