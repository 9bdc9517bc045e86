package dev.events.schema;

import java.util.List;
import java.util.Map;

import dev.events.Event;
import dev.events.EventSchema;
import dev.events.InvalidSchemaException;
import dev.events.MigrationStep;
import dev.events.SchemaCompatibility;
import dev.events.SchemaMigration;
import dev.events.SchemaRegistry;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static dev.events.FieldOption.defaultValue;
import static dev.events.FieldOption.max;
import static dev.events.FieldOption.required;
import static dev.events.FieldType.BOOLEAN;
import static dev.events.FieldType.INTEGER;
import static dev.events.FieldType.NUMBER;
import static dev.events.FieldType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MigrationTests {

	private static final EventSchema OLD = EventSchema.of("order.placed", "1.0.0")
		.field("name", STRING, required())
		.field("number", INTEGER, required())
		.field("amount", INTEGER, required())
		.field("coupon", STRING)
		.object("address", (address) -> address.field("zip", INTEGER).field("box", STRING))
		.list("lines", (line) -> line.field("sku", STRING, required()).field("text", STRING));

	private static final EventSchema NEW = EventSchema.of("order.placed", "2.0.0")
		.field("customer", STRING, required())
		.field("number", STRING, required())
		.field("amount", NUMBER, required())
		.field("currency", STRING, required(), defaultValue("EUR"))
		.object("address", (address) -> address.field("zip", STRING).field("country", STRING, defaultValue("DE")))
		.list("lines", (line) -> line.field("sku", STRING, required()).field("gift", BOOLEAN, defaultValue(false)));

	private static final Map<String, String> RENAMED = Map.of("/name", "/customer");

	private final MemoryEventStore store = new MemoryEventStore();

	private final SchemaRegistry schemas = DurableEventBus.builder(this.store).build().schemas();

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

	private void register(EventSchema... schemas) {
		for (EventSchema schema : schemas) {
			this.schemas.register(schema, SchemaCompatibility.NONE);
		}
	}

	@Test
	void consistsOfStepsThatCanBeLookedAt() {
		register(OLD, NEW);
		SchemaMigration migration = this.schemas.migration("order.placed", "1.0.0", "2.0.0", RENAMED);
		assertThat(migration.steps()).extracting(MigrationStep::toString)
			.containsExactlyInAnyOrder("rename /name to /customer", "remove /coupon", "make text of /number",
					"keep /amount, whose type allows more now", "add /currency = \"EUR\"", "make text of /address/zip",
					"remove /address/box", "add /address/country = \"DE\"", "remove /lines/*/text",
					"add /lines/*/gift = false");
	}

	@Test
	void whatItMakesIsValid() {
		register(OLD, NEW);
		SchemaMigration migration = this.schemas.migration("order.placed", "1.0.0", "2.0.0", RENAMED);
		JsonNode old = json("""
				{"name": "Ada", "number": 7, "amount": 3, "coupon": "x", "address": {"zip": 1234, "box": "9"},
				 "lines": [{"sku": "a", "text": "t"}, {"sku": "b"}]}""");
		this.schemas.validate("order.placed", "1.0.0", old);
		JsonNode migrated = migration.apply(old);
		assertThat(migrated).isEqualTo(json("""
				{"customer": "Ada", "number": "7", "amount": 3, "currency": "EUR",
				 "address": {"zip": "1234", "country": "DE"},
				 "lines": [{"sku": "a", "gift": false}, {"sku": "b", "gift": false}]}"""));
		this.schemas.validate("order.placed", "2.0.0", migrated);
		assertThat(old.has("name")).isTrue();
	}

	@Test
	void isAnUpcaster() {
		register(OLD, NEW);
		SchemaMigration migration = this.schemas.migration("order.placed", "1.0.0", "2.0.0", RENAMED);
		DurableEventBus bus = DurableEventBus.builder(this.store).upcasters(List.of(migration)).build();
		bus.publish(Event.of("order.placed", Map.of("name", "Ada", "number", 1, "amount", 2)));
		assertThat(bus.history("order.placed", 1).get(0).data())
			.isEqualTo(Map.of("customer", "Ada", "number", "1", "amount", 2, "currency", "EUR"));
	}

	@Test
	void canBeEdited() {
		register(OLD, NEW);
		SchemaMigration migration = this.schemas.migration("order.placed", "1.0.0", "2.0.0", RENAMED)
			.without("/currency")
			.with(MigrationStep.add("/currency", json("\"USD\"")));
		JsonNode migrated = migration.apply(json("{\"name\":\"Ada\",\"number\":1,\"amount\":2}"));
		assertThat(migrated.path("currency").asString()).isEqualTo("USD");
		assertThatExceptionOfType(InvalidSchemaException.class).isThrownBy(() -> migration.without("/nothing"))
			.withMessageContaining("has no step for /nothing; it has: ");
		assertThatExceptionOfType(InvalidSchemaException.class).isThrownBy(() -> MigrationStep.rename("/a/b", "/c/b"))
			.withMessageContaining("renamed within its object");
		assertThatExceptionOfType(InvalidSchemaException.class).isThrownBy(() -> MigrationStep.remove("a"));
	}

	@Test
	void namesEveryFieldItDoesNotKnowWhatToDoWith() {
		register(EventSchema.of("order.placed", "1.0.0").field("a", STRING).field("b", NUMBER).field("e", STRING),
				EventSchema.of("order.placed", "2.0.0")
					.field("a", STRING, required())
					.field("b", INTEGER)
					.field("c", STRING, required())
					.field("e", STRING, max(3)));
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> this.schemas.migration("order.placed", "1.0.0", "2.0.0", Map.of("/x", "/y")))
			.withMessageStartingWith("No migration of 'order.placed' from 1.0.0 to 2.0.0 can be made: ")
			.withMessageContaining("/a: is required now and may be missing, but has no default")
			.withMessageContaining("/b: may be number that is no integer, which is not allowed any more")
			.withMessageContaining("/c: is required now and is new, but has no default")
			.withMessageContaining("/e: must have at most 3 characters now")
			.withMessageContaining("/x: there is no such field to rename to /y");
	}

	@Test
	void renamesOnlyWhatIsThereToWhatIsNew() {
		register(EventSchema.of("order.placed", "1.0.0").field("a", STRING).field("b", STRING),
				EventSchema.of("order.placed", "1.1.0").field("b", STRING).field("c", STRING));
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> this.schemas.migration("order.placed", "1.0.0", "1.1.0", Map.of("/a", "/b")))
			.withMessageContaining("/b: is a field of the old version already");
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> this.schemas.migration("order.placed", "1.0.0", "1.1.0", Map.of("/a", "/d")))
			.withMessageContaining("/d: is no field of the new version");
	}

	@Test
	void needsTwoRegisteredVersionsThatGoForward() {
		register(OLD, NEW);
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> this.schemas.migration("order.placed", "1.0.0", "3.0.0"))
			.withMessage("There is no schema of 'order.placed' 3.0.0");
		assertThatExceptionOfType(InvalidSchemaException.class)
			.isThrownBy(() -> this.schemas.migration("order.placed", "2.0.0", "1.0.0"))
			.withMessageContaining("not from 2.0.0 to 1.0.0");
	}

}
