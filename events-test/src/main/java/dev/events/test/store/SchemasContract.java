package dev.events.test.store;

import java.util.List;

import dev.events.store.SchemaRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Adding and reading schemas.
 */
abstract class SchemasContract extends StoreContract {

	private static final SchemaRecord FIRST = new SchemaRecord("user.registered", "1.0.0",
			"{\"type\" : \"object\",\n\"description\":\"ü 'quoted' \\\\ ? :x {y} \uD83D\uDE00\"}");

	private static SchemaRecord schema(String type, String version) {
		return new SchemaRecord(type, version, "{\"title\":\"" + type + " " + version + "\"}");
	}

	@Test
	void newOneIsStoredAsGiven() {
		assertThat(this.store.schemas().add(FIRST)).isEqualTo(FIRST);
		assertThat(this.store.schemas().list()).containsExactly(FIRST);
	}

	@Test
	void oneThatIsThereStays() {
		this.store.schemas().add(FIRST);
		assertThat(this.store.schemas().add(schema("user.registered", "1.0.0"))).isEqualTo(FIRST);
		assertThat(this.store.schemas().list()).containsExactly(FIRST);
	}

	@Test
	void versionsAndTypesAreToldApart() {
		List<SchemaRecord> schemas = List.of(FIRST, schema("user.registered", "1.0.1"),
				schema("user.registered", "999999.999999.999999"), schema("User.registered", "1.0.0"),
				schema("user:registered", "1.0.0"), schema("a".repeat(200), "1.0.0"));
		schemas.forEach((schema) -> assertThat(this.store.schemas().add(schema)).isEqualTo(schema));
		assertThat(this.store.schemas().list()).containsExactlyInAnyOrderElementsOf(schemas);
	}

	@Test
	void aLargeOneIsKept() {
		SchemaRecord large = new SchemaRecord("order.placed", "1.0.0",
				"{\"description\":\"" + "ü".repeat(256 * 1024 - 20) + "\"}");
		assertThat(this.store.schemas().add(large)).isEqualTo(large);
		assertThat(this.store.schemas().list()).containsExactly(large);
	}

	@Test
	void addedByManyThreadsIsOne() throws Exception {
		List<SchemaRecord> stored = Threads.onEach((thread) -> this.store.schemas()
			.add(new SchemaRecord("user.registered", "1.0.0", "{\"title\":\"" + thread + "\"}")));
		assertThat(this.store.schemas().list()).hasSize(1);
		assertThat(stored).hasSize(Threads.COUNT).containsOnly(this.store.schemas().list().get(0));
	}

}
