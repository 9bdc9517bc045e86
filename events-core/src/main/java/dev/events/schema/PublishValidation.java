package dev.events.schema;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

import dev.events.EventAccessPolicy;
import dev.events.EventVersion;
import dev.events.InvalidSchemaException;
import dev.events.SchemaViolation;
import dev.events.SchemaViolationException;
import dev.events.codec.EventCodec;
import dev.events.request.RequestMark;
import dev.events.schema.SchemaCompiler.MissingValidatorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks data that is about to be stored. Costs one look-up for types without a schema.
 * Thread-safe.
 */
public final class PublishValidation {

	private static final Logger logger = LoggerFactory.getLogger(PublishValidation.class);

	private static final long WARN_NANOS = Duration.ofMinutes(1).toNanos();

	private static final int MAX_WARNED_TYPES = 1000;

	// what the bus itself publishes: nobody could know that it needs a schema
	private static final Set<String> OWN_TYPES = Set.of(EventAccessPolicy.REFUSED, RequestMark.GIVEN_UP);

	private final SchemaSettings settings;

	private final SchemaCache cache;

	private final SchemaCompiler compiler;

	private final EventCodec codec;

	private final LongAdder violations = new LongAdder();

	private final Map<String, Long> warnedAt = new ConcurrentHashMap<>();

	private final AtomicBoolean missing = new AtomicBoolean();

	PublishValidation(SchemaSettings settings, SchemaCache cache, SchemaCompiler compiler, EventCodec codec) {
		this.settings = settings;
		this.cache = cache;
		this.compiler = compiler;
		this.codec = codec;
	}

	/**
	 * Checks data as the settings say.
	 * @param type event type
	 * @param version version of the data's shape
	 * @param json the data
	 * @throws SchemaViolationException when it is to be refused
	 */
	public void validate(String type, String version, String json) {
		if (this.settings.validation() == SchemaValidation.OFF) {
			return;
		}
		SchemaViolationException violation = violation(type, version, json);
		if (violation == null) {
			return;
		}
		this.violations.increment();
		if (this.settings.validation() == SchemaValidation.STRICT) {
			throw violation;
		}
		warn(type, violation);
	}

	private @Nullable SchemaViolationException violation(String type, String version, String json) {
		Map<String, RegisteredSchema> versions = this.cache.current().versions(type);
		if (versions == null && (this.settings.unknownTypes() == UnknownTypes.ALLOW || OWN_TYPES.contains(type))) {
			return null;
		}
		if (versions == null || !versions.containsKey(version)) {
			versions = this.cache.newest().versions(type);
		}
		if (versions == null) {
			return new SchemaViolationException("Event type '" + type + "' has no schema, and types without one are "
					+ "refused (events.schema.unknown-types): register a schema first");
		}
		RegisteredSchema schema = versions.get(version);
		if (schema == null) {
			return new SchemaViolationException("Event type '" + type + "' has no schema of version " + version
					+ ", only of " + versions(versions) + ": register one, or publish one of these versions");
		}
		List<SchemaViolation> violations = check(schema, json);
		return violations.isEmpty() ? null : new SchemaViolationException(type, version, violations);
	}

	private static String versions(Map<String, RegisteredSchema> versions) {
		return versions.keySet()
			.stream()
			.map(EventVersion::of)
			.sorted()
			.map(EventVersion::toString)
			.collect(Collectors.joining(", "));
	}

	private List<SchemaViolation> check(RegisteredSchema schema, String json) {
		try {
			return schema.compiled(this.compiler).validate(this.codec.tree(json));
		}
		catch (MissingValidatorException ex) {
			// registered by a newer or another application, as this one could not: it
			// must not stop publishing for that
			if (this.missing.compareAndSet(false, true)) {
				logger.warn("Events are published without validation. {}. Said once.", ex.getMessage());
			}
			return List.of();
		}
		catch (InvalidSchemaException ex) {
			return List.of(new SchemaViolation("", "cannot be checked: " + ex.getMessage()));
		}
	}

	private void warn(String type, SchemaViolationException violation) {
		if (this.warnedAt.size() >= MAX_WARNED_TYPES) {
			this.warnedAt.clear();
		}
		long now = System.nanoTime();
		Long last = this.warnedAt.get(type);
		if ((last == null || now - last >= WARN_NANOS) && swap(type, last, now)) {
			logger.warn(
					"{}. The event is published all the same (events.schema.validation=warn). Said at most once "
							+ "a minute for each type; {} events so far",
					violation.getMessage(), this.violations.sum());
		}
	}

	private boolean swap(String type, @Nullable Long last, long now) {
		return (last == null) ? this.warnedAt.putIfAbsent(type, now) == null : this.warnedAt.replace(type, last, now);
	}

	long violations() {
		return this.violations.sum();
	}

}
