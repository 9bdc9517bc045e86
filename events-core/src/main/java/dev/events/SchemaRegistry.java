package dev.events;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The schemas of event types, kept in the event store, so that all nodes agree. A schema
 * that is registered never changes. What another node registers is seen within ten
 * seconds. Thread-safe.
 *
 * <pre>{@code
 * events.schemas().register(EventSchema.of("user.registered", "1.1.0")
 *     .field("email", STRING, required())
 *     .field("name", STRING));
 * }</pre>
 */
public interface SchemaRegistry {

	/**
	 * Registers a schema, with the compatibility that the bus is set to.
	 * @return whether it is new; {@code false} when the same is registered already
	 * @throws InvalidSchemaException when it is not a valid schema, another one is
	 * registered as this version, or the library that validates is missing
	 * @throws IncompatibleSchemaException when it is not compatible with the versions
	 * before and after it
	 * @throws EventStoreException when the store cannot be reached
	 */
	boolean register(EventSchema schema);

	/**
	 * Registers a schema. Old data that upcasters bring all the way to the new version is
	 * {@linkplain SchemaCompatibility#isBackward() backward} compatible whatever the
	 * schemas say.
	 * @param schema the schema
	 * @param compatibility with the next lower and the next higher version
	 * @return as {@link #register(EventSchema)}
	 */
	boolean register(EventSchema schema, SchemaCompatibility compatibility);

	/** The schema of a version of a type. */
	Optional<EventSchema> find(String type, String version);

	/** The schema of the highest version of a type. */
	Optional<EventSchema> latest(String type);

	/** The schemas of a type, the lowest version first. */
	List<EventSchema> versions(String type);

	/** All schemas, by type and version. */
	List<EventSchema> list();

	/**
	 * Checks data against the schema of a version, whatever the settings for publishing
	 * are.
	 * @param type event type
	 * @param version version of the schema
	 * @param data anything that Jackson can write as JSON
	 * @throws SchemaViolationException when the data does not fit, or there is no such
	 * schema
	 * @throws InvalidSchemaException when the library that validates is missing
	 */
	void validate(String type, String version, Object data);

	/**
	 * Why data of one schema may not be valid by another. Understands {@code type},
	 * {@code enum}, {@code const}, {@code properties}, {@code required},
	 * {@code additionalProperties}, {@code items}, the bounds of numbers, texts and
	 * lists, and references; of other keywords only that they are equal.
	 * @return empty when all of the data of the one is valid by the other
	 */
	List<SchemaDifference> differences(EventSchema from, EventSchema to);

	/**
	 * An upcaster from one registered version to another.
	 * @throws InvalidSchemaException when there is no such version, or a field cannot be
	 * brought over without being told how
	 */
	SchemaMigration migration(String type, String from, String to);

	/**
	 * As {@link #migration(String, String, String)}, with fields that got another name.
	 * @param renamed new path by old path, as JSON pointers with {@code *} for any
	 * element of a list: {@code /name} to {@code /fullName}
	 */
	SchemaMigration migration(String type, String from, String to, Map<String, String> renamed);

	/**
	 * The schema of a record or class as Jackson writes it, for its type and version.
	 * Fields are required unless they are annotated {@code @Nullable} or are an
	 * {@link Optional}; other fields are not allowed.
	 * @param dataType a class that carries {@link EventType}
	 * @throws InvalidSchemaException when it refers to itself
	 */
	EventSchema derive(Class<?> dataType);

	/**
	 * How many events that did not fit their schema were published on this node since it
	 * started, whether they were refused or let pass.
	 */
	long violations();

}
