package dev.events.schema;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.events.InvalidSchemaException;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatTypes;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.BeanPropertyWriter;

/**
 * Is told by Jackson how it writes a class, and makes a schema of it. For one thread, one
 * class.
 */
final class ClassVisitor extends JsonFormatVisitorWrapper.Base {

	// what Jackson says itself is too much for some: a LocalDateTime has no zone
	private static final Map<Class<?>, String> FORMATS = Map.of(UUID.class, "uuid", LocalDate.class, "date",
			Instant.class, "date-time", OffsetDateTime.class, "date-time");

	private final Class<?> root;

	private final List<JavaType> enclosing;

	private final ObjectNode schema = JsonNodeFactory.instance.objectNode();

	ClassVisitor(Class<?> root) {
		this(root, List.of());
	}

	private ClassVisitor(Class<?> root, List<JavaType> enclosing) {
		this.root = root;
		this.enclosing = enclosing;
	}

	ObjectNode schema() {
		return this.schema;
	}

	private ClassVisitor part() {
		ClassVisitor part = new ClassVisitor(this.root, this.enclosing);
		part.setContext(getContext());
		return part;
	}

	private ObjectNode part(JsonFormatVisitable visitable, JavaType type) {
		ClassVisitor part = part();
		visitable.acceptJsonFormatVisitor(part, type);
		return part.schema;
	}

	@Override
	public JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
		if (type.isAbstract() || type.isJavaLangObject()) {
			// what is written depends on the object
			return new JsonObjectFormatVisitor.Base(getContext());
		}
		if (this.enclosing.contains(type)) {
			throw new InvalidSchemaException("No schema can be derived of " + this.root.getName() + ": "
					+ type.getRawClass().getName() + " refers to itself; write the schema with $defs and $ref");
		}
		List<JavaType> enclosing = new ArrayList<>(this.enclosing);
		enclosing.add(type);
		this.schema.put("type", "object");
		ObjectNode properties = this.schema.putObject("properties");
		this.schema.put("additionalProperties", false);
		return new Properties(getContext(), enclosing, properties);
	}

	@Override
	public JsonArrayFormatVisitor expectArrayFormat(JavaType type) {
		if (type.hasRawClass(byte[].class) || type.hasRawClass(char[].class)) {
			// Jackson says otherwise, but writes text
			this.schema.put("type", "string");
			return new JsonArrayFormatVisitor.Base(getContext());
		}
		this.schema.put("type", "array");
		return new JsonArrayFormatVisitor.Base(getContext()) {

			@Override
			public void itemsFormat(JsonFormatVisitable visitable, JavaType elementType) {
				ClassVisitor.this.schema.set("items", part(visitable, elementType));
			}

			@Override
			public void itemsFormat(JsonFormatTypes format) {
				ClassVisitor.this.schema.putObject("items").put("type", format.value());
			}

		};
	}

	@Override
	public JsonMapFormatVisitor expectMapFormat(JavaType type) {
		this.schema.put("type", "object");
		return new JsonMapFormatVisitor.Base(getContext()) {

			@Override
			public void valueFormat(JsonFormatVisitable visitable, JavaType valueType) {
				ObjectNode values = part(visitable, valueType);
				if (!values.isEmpty()) {
					ClassVisitor.this.schema.set("additionalProperties", values);
				}
			}

		};
	}

	@Override
	public JsonStringFormatVisitor expectStringFormat(JavaType type) {
		this.schema.put("type", "string");
		String format = FORMATS.get(type.getRawClass());
		if (format != null) {
			this.schema.put("format", format);
		}
		return new JsonStringFormatVisitor.Base() {

			@Override
			public void enumTypes(Set<String> enums) {
				ArrayNode values = ClassVisitor.this.schema.putArray("enum");
				enums.forEach(values::add);
			}

		};
	}

	@Override
	public JsonIntegerFormatVisitor expectIntegerFormat(JavaType type) {
		this.schema.put("type", "integer");
		return new JsonIntegerFormatVisitor.Base();
	}

	@Override
	public JsonNumberFormatVisitor expectNumberFormat(JavaType type) {
		this.schema.put("type", "number");
		return new JsonNumberFormatVisitor.Base();
	}

	@Override
	public JsonBooleanFormatVisitor expectBooleanFormat(JavaType type) {
		this.schema.put("type", "boolean");
		return new JsonBooleanFormatVisitor.Base();
	}

	@Override
	public JsonAnyFormatVisitor expectAnyFormat(JavaType type) {
		return new JsonAnyFormatVisitor.Base();
	}

	/**
	 * The properties of one class.
	 */
	private final class Properties extends JsonObjectFormatVisitor.Base {

		private final List<JavaType> enclosing;

		private final ObjectNode properties;

		Properties(SerializationContext context, List<JavaType> enclosing, ObjectNode properties) {
			super(context);
			this.enclosing = enclosing;
			this.properties = properties;
		}

		@Override
		public void property(BeanProperty property) {
			optionalProperty(property);
		}

		@Override
		public void optionalProperty(BeanProperty property) {
			ClassVisitor part = new ClassVisitor(ClassVisitor.this.root, this.enclosing);
			part.setContext(getContext());
			serializer(property).acceptJsonFormatVisitor(part, property.getType());
			JsonFormat format = property.getAnnotation(JsonFormat.class);
			if (format != null && !format.pattern().isEmpty()) {
				part.schema.remove("format");
			}
			if (isNullable(property)) {
				allowNull(part.schema);
			}
			else {
				ClassVisitor.this.schema.withArrayProperty("required").add(property.getName());
			}
			this.properties.set(property.getName(), part.schema);
		}

		private ValueSerializer<Object> serializer(BeanProperty property) {
			if (property instanceof BeanPropertyWriter writer && writer.getSerializer() != null) {
				return writer.getSerializer();
			}
			return getContext().findPrimaryPropertySerializer(property.getType(), property);
		}

	}

	private static void allowNull(ObjectNode schema) {
		JsonNode type = schema.path("type");
		if (type.isString()) {
			schema.putArray("type").add(type).add("null");
		}
		if (schema.path("enum") instanceof ArrayNode values) {
			values.addNull();
		}
	}

	private static boolean isNullable(BeanProperty property) {
		if (property.getType().isPrimitive()) {
			return false;
		}
		AnnotatedElement member = property.getMember().getAnnotated();
		Stream<AnnotatedElement> places = Stream.of(member);
		if (member instanceof Method method) {
			places = Stream.of(member, method.getAnnotatedReturnType());
		}
		else if (member instanceof Field field) {
			places = Stream.of(member, field.getAnnotatedType());
		}
		return property.getType().isReferenceType() || places.flatMap((place) -> Arrays.stream(place.getAnnotations()))
			.anyMatch((annotation) -> annotation.annotationType().getSimpleName().equals("Nullable"));
	}

}
