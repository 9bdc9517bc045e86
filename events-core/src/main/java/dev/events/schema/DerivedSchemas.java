package dev.events.schema;

import dev.events.EventSchema;
import dev.events.EventTypeDescriptor;
import dev.events.InvalidSchemaException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes schemas of classes, as {@link dev.events.SchemaRegistry#derive} does, where there
 * is no registry yet:
 *
 * <pre class="code">
 * &#064;Bean
 * EventSchema userRegistered(JsonMapper mapper) {
 *     return DerivedSchemas.of(UserRegistered.class, mapper);
 * }
 * </pre>
 */
public final class DerivedSchemas {

	private DerivedSchemas() {
	}

	/**
	 * The schema of a class as a mapper writes it.
	 * @param dataType a class that carries {@link dev.events.EventType}
	 * @param mapper that which the bus writes data with
	 * @throws dev.events.InvalidEventException when the class is no event type
	 * @throws InvalidSchemaException when it refers to itself
	 */
	public static EventSchema of(Class<?> dataType, JsonMapper mapper) {
		EventTypeDescriptor descriptor = EventTypeDescriptor.of(dataType);
		ClassVisitor visitor = new ClassVisitor(dataType);
		mapper.acceptJsonFormatVisitor(dataType, visitor);
		return EventSchema.of(descriptor.type(), descriptor.version(), visitor.schema());
	}

}
