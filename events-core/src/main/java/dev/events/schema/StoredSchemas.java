package dev.events.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.events.EventSchema;
import dev.events.EventVersion;
import dev.events.IncompatibleSchemaException;
import dev.events.InvalidSchemaException;
import dev.events.SchemaCompatibility;
import dev.events.SchemaDifference;
import dev.events.SchemaMigration;
import dev.events.SchemaRegistry;
import dev.events.SchemaViolation;
import dev.events.SchemaViolationException;
import dev.events.codec.EventCodec;
import dev.events.store.SchemaRecord;
import dev.events.store.Schemas;
import dev.events.upcast.Upcasters;
import tools.jackson.databind.json.JsonMapper;

/**
 * The schemas of a store. Thread-safe.
 */
public final class StoredSchemas implements SchemaRegistry {

	private final Schemas store;

	private final SchemaSettings settings;

	private final EventCodec codec;

	private final JsonMapper mapper;

	private final Upcasters upcasters;

	private final SchemaCache cache;

	private final SchemaCompiler compiler;

	private final PublishValidation validation;

	/**
	 * Creates a registry; does not yet read the store.
	 * @param store where schemas are kept
	 * @param settings how they are used
	 * @param codec writes and reads data
	 * @param mapper tells how classes are written
	 * @param upcasters which old data need not be valid by new schemas
	 */
	public StoredSchemas(Schemas store, SchemaSettings settings, EventCodec codec, JsonMapper mapper,
			Upcasters upcasters) {
		this(store, settings, codec, mapper, upcasters, SchemaCompiler.find(),
				new SchemaCache(store, System::nanoTime));
	}

	StoredSchemas(Schemas store, SchemaSettings settings, EventCodec codec, JsonMapper mapper, Upcasters upcasters,
			SchemaCompiler compiler, SchemaCache cache) {
		this.store = store;
		this.settings = settings;
		this.codec = codec;
		this.mapper = mapper;
		this.upcasters = upcasters;
		this.compiler = compiler;
		this.cache = cache;
		this.validation = new PublishValidation(settings, cache, compiler, codec);
	}

	/** Checks what is published. */
	public PublishValidation validation() {
		return this.validation;
	}

	@Override
	public boolean register(EventSchema schema) {
		return register(schema, this.settings.compatibility());
	}

	@Override
	public boolean register(EventSchema schema, SchemaCompatibility compatibility) {
		if (this.settings.validation() != SchemaValidation.OFF) {
			this.compiler.compile(schema);
		}
		SchemaSnapshot snapshot = this.cache.reloaded();
		RegisteredSchema known = snapshot.find(schema.type(), schema.version());
		if (known != null) {
			requireSame(known.schema(), schema);
			return false;
		}
		requireCompatible(schema, snapshot.ordered(schema.type()), compatibility);
		SchemaRecord stored = this.store.add(new SchemaRecord(schema.type(), schema.version(), schema.json()));
		requireSame(EventSchema.parse(stored.type(), stored.version(), stored.document()), schema);
		this.cache.add(stored);
		return true;
	}

	private static void requireSame(EventSchema known, EventSchema schema) {
		if (!known.equals(schema)) {
			throw new InvalidSchemaException("Another schema is registered as '" + schema.type() + "' "
					+ schema.version() + "; registered schemas do not change, register it as a new version");
		}
	}

	private void requireCompatible(EventSchema schema, List<EventSchema> others, SchemaCompatibility compatibility) {
		EventVersion version = EventVersion.of(schema.version());
		Optional<EventSchema> before = others.stream()
			.filter((other) -> EventVersion.of(other.version()).compareTo(version) < 0)
			.reduce((lower, higher) -> higher);
		Optional<EventSchema> after = others.stream()
			.filter((other) -> EventVersion.of(other.version()).compareTo(version) > 0)
			.findFirst();
		before.ifPresent((older) -> requireCompatible(schema, older, older, schema, compatibility));
		after.ifPresent((newer) -> requireCompatible(schema, newer, schema, newer, compatibility));
	}

	private void requireCompatible(EventSchema schema, EventSchema other, EventSchema older, EventSchema newer,
			SchemaCompatibility compatibility) {
		List<SchemaDifference> differences = new ArrayList<>();
		if (compatibility.isBackward() && !this.upcasters.reaches(schema.type(), EventVersion.of(older.version()),
				EventVersion.of(newer.version()))) {
			differences.addAll(differences(older, newer));
		}
		if (compatibility.isForward()) {
			differences.addAll(differences(newer, older));
		}
		if (!differences.isEmpty()) {
			throw new IncompatibleSchemaException(schema, other.version(), compatibility, differences);
		}
	}

	@Override
	public Optional<EventSchema> find(String type, String version) {
		return Optional.ofNullable(this.cache.recent().find(type, version)).map(RegisteredSchema::schema);
	}

	@Override
	public Optional<EventSchema> latest(String type) {
		List<EventSchema> versions = versions(type);
		return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
	}

	@Override
	public List<EventSchema> versions(String type) {
		return this.cache.recent().ordered(type);
	}

	@Override
	public List<EventSchema> list() {
		SchemaSnapshot snapshot = this.cache.recent();
		return snapshot.byType()
			.keySet()
			.stream()
			.sorted(Comparator.naturalOrder())
			.flatMap((type) -> snapshot.ordered(type).stream())
			.toList();
	}

	@Override
	public void validate(String type, String version, Object data) {
		RegisteredSchema schema = this.cache.recent().find(type, version);
		if (schema == null) {
			throw new SchemaViolationException("There is no schema of '" + type + "' " + version);
		}
		List<SchemaViolation> violations = schema.compiled(this.compiler)
			.validate(this.codec.tree(this.codec.write(type, data).json()));
		if (!violations.isEmpty()) {
			throw new SchemaViolationException(type, version, violations);
		}
	}

	@Override
	public List<SchemaDifference> differences(EventSchema from, EventSchema to) {
		return SchemaComparison.of(from, to);
	}

	@Override
	public SchemaMigration migration(String type, String from, String to) {
		return migration(type, from, to, Map.of());
	}

	@Override
	public SchemaMigration migration(String type, String from, String to, Map<String, String> renamed) {
		return SchemaMigrations.between(required(type, from), required(type, to), renamed);
	}

	private EventSchema required(String type, String version) {
		return find(type, version)
			.orElseThrow(() -> new InvalidSchemaException("There is no schema of '" + type + "' " + version));
	}

	@Override
	public EventSchema derive(Class<?> dataType) {
		return DerivedSchemas.of(dataType, this.mapper);
	}

	@Override
	public long violations() {
		return this.validation.violations();
	}

}
