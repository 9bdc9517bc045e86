package dev.events.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.events.store.SchemaRecord;
import dev.events.store.Schemas;

/**
 * Schemas in one hash. Its fields are type and version, its values type, version and
 * document, all with a zero byte between them.
 */
final class RedisSchemas implements Schemas {

	private static final String SEPARATOR = "\0";

	private final RedisCalls calls;

	private final byte[] key;

	RedisSchemas(RedisCalls calls, Keys keys) {
		this.calls = calls;
		this.key = keys.schemas();
	}

	@Override
	public SchemaRecord add(SchemaRecord schema) {
		String name = schema.type() + SEPARATOR + schema.version();
		Answer stored = this.calls.run("add a schema", Script.SCHEMA_ADD,
				new Arguments().add(name).add(name + SEPARATOR + schema.document()));
		return schema(stored.string(0));
	}

	@Override
	public List<SchemaRecord> list() {
		return this.calls.read("read schemas", (commands) -> commands.hvals(this.key))
			.stream()
			.map((value) -> schema(new String(value, StandardCharsets.UTF_8)))
			.toList();
	}

	private static SchemaRecord schema(String value) {
		String[] parts = value.split(SEPARATOR, 3);
		return new SchemaRecord(parts[0], parts[1], parts[2]);
	}

}
