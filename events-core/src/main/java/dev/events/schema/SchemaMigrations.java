package dev.events.schema;

import java.util.Map;

import dev.events.EventSchema;
import dev.events.EventVersion;
import dev.events.InvalidSchemaException;
import dev.events.SchemaMigration;

/**
 * Makes migrations of two schemas, as {@link dev.events.SchemaRegistry#migration} does,
 * where there is no registry yet:
 *
 * <pre class="code">
 * &#064;Bean
 * EventUpcaster userRegisteredMigration() {
 *     return SchemaMigrations.between(V1, V2, Map.of("/name", "/fullName"));
 * }
 * </pre>
 */
public final class SchemaMigrations {

	private SchemaMigrations() {
	}

	/**
	 * The migration from one version of a type to another.
	 * @param renamed new path by old path, of fields that got another name
	 * @throws InvalidSchemaException when it is not clear what to do with a field, or the
	 * schemas are not an older and a newer one of the same type
	 */
	public static SchemaMigration between(EventSchema from, EventSchema to, Map<String, String> renamed) {
		if (!from.type().equals(to.type())) {
			throw new InvalidSchemaException(
					"A migration is for one event type, not from '" + from.type() + "' to '" + to.type() + "'");
		}
		if (EventVersion.of(from.version()).compareTo(EventVersion.of(to.version())) >= 0) {
			throw new InvalidSchemaException("A migration leads from an old version to a newer one, not from "
					+ from.version() + " to " + to.version());
		}
		return new MigrationPlan(from, to, renamed).migration();
	}

}
