package dev.events.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.events.store.SchemaRecord;
import dev.events.store.Schemas;

/**
 * The schemas.
 */
final class MemorySchemas implements Schemas {

	private final StateLock lock;

	private final Map<List<String>, SchemaRecord> schemas = new LinkedHashMap<>();

	MemorySchemas(StateLock lock) {
		this.lock = lock;
	}

	@Override
	public SchemaRecord add(SchemaRecord schema) {
		return this.lock.get(() -> {
			SchemaRecord known = this.schemas.putIfAbsent(List.of(schema.type(), schema.version()), schema);
			return (known != null) ? known : schema;
		});
	}

	@Override
	public List<SchemaRecord> list() {
		return this.lock.get(() -> List.copyOf(this.schemas.values()));
	}

}
