package dev.events.encryption;

import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.events.DataSubject;
import dev.events.Encrypted;
import dev.events.InvalidEventException;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.ser.BeanPropertyWriter;

/**
 * Is told by Jackson how it writes a class, and finds where what is annotated stands in
 * the JSON. For one thread, one class.
 */
final class AnnotatedFields extends JsonFormatVisitorWrapper.Base {

	private final Found found;

	private final String place;

	private final List<JavaType> enclosing;

	AnnotatedFields() {
		this(new Found(), "", List.of());
	}

	private AnnotatedFields(Found found, String place, List<JavaType> enclosing) {
		this.found = found;
		this.place = place;
		this.enclosing = enclosing;
	}

	/**
	 * What was found.
	 * @throws InvalidEventException when it cannot be said with a few pointers
	 */
	EncryptionPlan plan(Class<?> dataType) {
		if (this.found.recursive && !(this.found.fields.isEmpty() && this.found.subjects.isEmpty())) {
			throw new InvalidEventException(dataType.getName() + " refers to itself, so its fields cannot be "
					+ "encrypted one by one; write @Encrypted on the class, or name fields and subject in "
					+ "events.encryption.types");
		}
		return new EncryptionPlan(false, this.found.fields, this.found.subjects);
	}

	@Override
	public JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
		if (this.enclosing.contains(type)) {
			this.found.recursive = true;
			return new JsonObjectFormatVisitor.Base(getContext());
		}
		List<JavaType> inside = new ArrayList<>(this.enclosing);
		inside.add(type);
		return new Properties(getContext(), type, inside);
	}

	@Override
	public JsonArrayFormatVisitor expectArrayFormat(JavaType type) {
		return new JsonArrayFormatVisitor.Base(getContext()) {

			@Override
			public void itemsFormat(JsonFormatVisitable visitable, JavaType elementType) {
				visit(visitable, elementType, "*", AnnotatedFields.this.enclosing);
			}

		};
	}

	@Override
	public JsonMapFormatVisitor expectMapFormat(JavaType type) {
		return new JsonMapFormatVisitor.Base(getContext()) {

			@Override
			public void valueFormat(JsonFormatVisitable visitable, JavaType valueType) {
				visit(visitable, valueType, "*", AnnotatedFields.this.enclosing);
			}

		};
	}

	private void visit(JsonFormatVisitable visitable, JavaType type, String name, List<JavaType> inside) {
		String child = this.place + "/" + name;
		if (type.getRawClass().isAnnotationPresent(Encrypted.class)) {
			this.found.fields.add(child);
			return;
		}
		AnnotatedFields part = new AnnotatedFields(this.found, child, inside);
		part.setContext(getContext());
		visitable.acceptJsonFormatVisitor(part, type);
	}

	/**
	 * The properties of one class.
	 */
	private final class Properties extends JsonObjectFormatVisitor.Base {

		private final JavaType type;

		private final List<JavaType> inside;

		Properties(SerializationContext context, JavaType type, List<JavaType> inside) {
			super(context);
			this.type = type;
			this.inside = inside;
		}

		@Override
		public void property(BeanProperty property) {
			optionalProperty(property);
		}

		@Override
		public void optionalProperty(BeanProperty property) {
			Found found = AnnotatedFields.this.found;
			String name = FieldPaths.escape(property.getName());
			if (has(property, DataSubject.class)) {
				found.subjects.add(AnnotatedFields.this.place + "/" + name);
			}
			if (has(property, Encrypted.class)) {
				found.fields.add(AnnotatedFields.this.place + "/" + name);
			}
			else {
				visit(serializer(property), property.getType(), name, this.inside);
			}
		}

		private boolean has(BeanProperty property, Class<? extends Annotation> annotation) {
			if (property.getAnnotation(annotation) == null) {
				return false;
			}
			Class<?> owner = property.getMember().getDeclaringClass();
			if (!owner.isAssignableFrom(this.type.getRawClass())) {
				// unwrapped, perhaps with a prefix that we are not told
				throw new InvalidEventException("@" + annotation.getSimpleName() + " in " + owner.getName()
						+ " does not work where " + this.type.getRawClass().getName()
						+ " unwraps it; name the field in events.encryption.types");
			}
			return true;
		}

		private ValueSerializer<Object> serializer(BeanProperty property) {
			if (property instanceof BeanPropertyWriter writer && writer.getSerializer() != null) {
				return writer.getSerializer();
			}
			return getContext().findPrimaryPropertySerializer(property.getType(), property);
		}

	}

	private static final class Found {

		private final Set<String> fields = new LinkedHashSet<>();

		private final Set<String> subjects = new LinkedHashSet<>();

		private boolean recursive;

	}

}
