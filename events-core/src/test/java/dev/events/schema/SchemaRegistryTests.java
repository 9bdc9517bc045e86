package dev.events.schema;

import java.util.List;
import java.util.Map;

import dev.events.EventSchema;
import dev.events.EventUpcaster;
import dev.events.IncompatibleSchemaException;
import dev.events.InvalidSchemaException;
import dev.events.SchemaCompatibility;
import dev.events.SchemaRegistry;
import dev.events.SchemaViolation;
import dev.events.SchemaViolationException;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.events.FieldOption.format;
import static dev.events.FieldOption.min;
import static dev.events.FieldOption.required;
import static dev.events.FieldType.INTEGER;
import static dev.events.FieldType.NUMBER;
import static dev.events.FieldType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SchemaRegistryTests {

	private static final EventSchema FIRST = EventSchema.of("user.registered", "1.0.0")
		.field("email", STRING, required(), format("email"))
		.field("age", INTEGER, min(0));

	private static final EventSchema GROWN = FIRST.withVersion("1.1.0").field("name", STRING);

	private static final EventSchema BROKEN = FIRST.withVersion("2.0.0").field("name", STRING, required());

	private final MemoryEventStore store = new MemoryEventStore();

	private SchemaRegistry registry(EventUpcaster... upcasters) {
		return DurableEventBus.builder(this.store).upcasters(List.of(upcasters)).build().schemas();
	}

	@Test
	void registersAndFinds() {
		SchemaRegistry schemas = registry();
		assertThat(schemas.register(GROWN.withVersion("1.10.0"))).isTrue();
		assertThat(schemas.register(FIRST)).isTrue();
		assertThat(schemas.register(GROWN.withVersion("1.9.0"))).isTrue();
		assertThat(schemas.register(EventSchema.of("order.placed", "1.0.0"))).isTrue();
		assertThat(schemas.find("user.registered", "1.0.0")).contains(FIRST);
		assertThat(schemas.find("user.registered", "1.2.0")).isEmpty();
		assertThat(schemas.find("user.deleted", "1.0.0")).isEmpty();
		assertThat(schemas.latest("user.registered")).map(EventSchema::version).contains("1.10.0");
		assertThat(schemas.latest("user.deleted")).isEmpty();
		assertThat(schemas.versions("user.registered")).extracting(EventSchema::version)
			.containsExactly("1.0.0", "1.9.0", "1.10.0");
		assertThat(schemas.list()).extracting(EventSchema::toString)
			.containsExactly("EventSchema[order.placed 1.0.0]", "EventSchema[user.registered 1.0.0]",
					"EventSchema[user.registered 1.9.0]", "EventSchema[user.registered 1.10.0]");
	}

	@Test
	void theSameAgainIsNothingNewAndAnotherOneIsRefused() {
		registry().register(FIRST);
		SchemaRegistry schemas = registry();
		assertThat(schemas.register(EventSchema.parse("user.registered", "1.0.0", FIRST.json()))).isFalse();
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> schemas.register(GROWN.withVersion("1.0.0"), SchemaCompatibility.NONE))
			.withMessage("Another schema is registered as 'user.registered' 1.0.0; registered schemas do not change, "
					+ "register it as a new version");
		assertThat(schemas.list()).containsExactly(FIRST);
	}

	@Test
	void whatIsNoValidSchemaIsRefusedAndNotStored() {
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> registry().register(EventSchema.parse("user.registered", "1.0.0",
					"{\"type\":\"text\",\"properties\":{\"a\":{\"minimum\":\"x\"}}}")))
			.withMessageContaining("The schema of 'user.registered' 1.0.0 is not valid: ")
			.withMessageContaining("/type must be")
			.withMessageContaining("/properties/a/minimum must be number");
		assertThat(this.store.schemas().list()).isEmpty();
	}

	@Test
	void anIncompatibleVersionIsRefusedWithAllReasons() {
		SchemaRegistry schemas = registry();
		schemas.register(FIRST);
		EventSchema broken = EventSchema.of("user.registered", "1.1.0")
			.field("email", STRING, required())
			.field("name", STRING, required());
		assertThatExceptionOfType(IncompatibleSchemaException.class).isThrownBy(() -> schemas.register(broken))
			.withMessage("""
					Schema 'user.registered' 1.1.0 is not compatible (BACKWARD) with 1.0.0:
					- /name: is required now, and may be missing
					- /age: is not allowed any more
					Keep it compatible, add an upcaster from 1.0.0 to 1.1.0, or register it with compatibility NONE""")
			.satisfies((ex) -> assertThat(ex.differences()).hasSize(2));
		assertThat(schemas.list()).containsExactly(FIRST);
	}

	@Test
	void eachCompatibilityMeansWhatItSays() {
		SchemaRegistry schemas = registry();
		schemas.register(FIRST);
		EventSchema wider = FIRST.withVersion("1.1.0").field("age", NUMBER);
		EventSchema narrower = FIRST.withVersion("1.1.0").field("age", INTEGER, min(18));
		assertThatExceptionOfType(IncompatibleSchemaException.class)
			.isThrownBy(() -> schemas.register(wider, SchemaCompatibility.FORWARD));
		assertThatExceptionOfType(IncompatibleSchemaException.class)
			.isThrownBy(() -> schemas.register(wider, SchemaCompatibility.FULL));
		assertThatExceptionOfType(IncompatibleSchemaException.class)
			.isThrownBy(() -> schemas.register(narrower, SchemaCompatibility.BACKWARD));
		assertThatExceptionOfType(IncompatibleSchemaException.class)
			.isThrownBy(() -> schemas.register(narrower, SchemaCompatibility.FULL));
		assertThat(schemas.register(wider, SchemaCompatibility.BACKWARD)).isTrue();
		assertThat(schemas.register(narrower.withVersion("1.2.0"), SchemaCompatibility.FORWARD)).isTrue();
		assertThat(schemas.register(narrower.withVersion("1.2.1"), SchemaCompatibility.FULL)).isTrue();
		assertThat(schemas.register(EventSchema.of("user.registered", "1.3.0"), SchemaCompatibility.NONE)).isTrue();
	}

	@Test
	void aVersionInBetweenMustFitThatAfterItToo() {
		SchemaRegistry schemas = registry();
		schemas.register(FIRST);
		schemas.register(GROWN);
		assertThatExceptionOfType(IncompatibleSchemaException.class)
			.isThrownBy(() -> schemas.register(FIRST.withVersion("1.0.1").field("age", NUMBER)))
			.withMessageContaining("is not compatible (BACKWARD) with 1.1.0")
			.withMessageContaining("/age");
	}

	@Test
	void dataThatIsUpcastedNeedNotBeValid() {
		registry().register(FIRST);
		assertThatExceptionOfType(IncompatibleSchemaException.class).isThrownBy(() -> registry().register(BROKEN));
		EventUpcaster upcaster = EventUpcaster.of("user.registered", "1.0.0", "2.0.0", (data) -> data.put("name", ""));
		assertThat(registry(upcaster).register(BROKEN)).isTrue();
	}

	@ParameterizedTest
	@EnumSource(SchemaCompatibility.class)
	void theFirstVersionIsCompatible(SchemaCompatibility compatibility) {
		assertThat(registry().register(FIRST, compatibility)).isTrue();
	}

	@Test
	void validatesAnyData() {
		SchemaRegistry schemas = registry();
		schemas.register(FIRST);
		schemas.validate("user.registered", "1.0.0", Map.of("email", "ada@example.com"));
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> schemas.validate("user.registered", "1.0.0",
					Map.of("email", "secret", "age", -1, "a/b", "secret")))
			.satisfies((ex) -> assertThat(ex.violations()).containsExactlyInAnyOrder(
					new SchemaViolation("/email", "must have the format email"),
					new SchemaViolation("/age", "must be at least 0"), new SchemaViolation("/a~1b", "is not allowed")))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		assertThatExceptionOfType(SchemaViolationException.class)
			.isThrownBy(() -> schemas.validate("user.registered", "1.1.0", Map.of()))
			.withMessage("There is no schema of 'user.registered' 1.1.0");
	}

}
