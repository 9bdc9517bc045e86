package dev.events.encryption;

import dev.events.DataSubject;
import dev.events.Encrypted;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.util.NameTransformer;

/**
 * Writes a property that is encrypted or names the data subject, and notes where.
 */
final class NotedProperty extends BeanPropertyWriter {

	private static final long serialVersionUID = 1L;

	private final BeanPropertyWriter delegate;

	NotedProperty(BeanPropertyWriter delegate) {
		super(delegate);
		this.delegate = delegate;
	}

	@Override
	public BeanPropertyWriter rename(NameTransformer names) {
		return new NotedProperty(this.delegate.rename(names));
	}

	@Override
	public void setNonTrivialBaseType(JavaType type) {
		this.delegate.setNonTrivialBaseType(type);
	}

	@Override
	public void assignTypeSerializer(TypeSerializer serializer) {
		this.delegate.assignTypeSerializer(serializer);
	}

	@Override
	public void fixAccess(SerializationConfig config) {
		this.delegate.fixAccess(config);
	}

	@Override
	public void assignSerializer(ValueSerializer<Object> serializer) {
		this.delegate.assignSerializer(serializer);
	}

	@Override
	public void assignNullSerializer(ValueSerializer<Object> serializer) {
		this.delegate.assignNullSerializer(serializer);
	}

	@Override
	public void serializeAsProperty(Object bean, JsonGenerator generator, SerializationContext context)
			throws Exception {
		DataShape shape = AnnotatedValues.shape(context);
		if (shape != null) {
			TokenStreamContext place = generator.streamWriteContext();
			if (getAnnotation(Encrypted.class) != null) {
				shape.encrypted(AnnotatedValues.place(place, getName(), true));
			}
			if (getAnnotation(DataSubject.class) != null) {
				shape.subject(AnnotatedValues.place(place, getName(), false));
			}
		}
		this.delegate.serializeAsProperty(bean, generator, context);
	}

	@Override
	public void serializeAsElement(Object bean, JsonGenerator generator, SerializationContext context)
			throws Exception {
		DataShape shape = AnnotatedValues.shape(context);
		if (shape != null) {
			// properties without names
			shape.encryptedSomewhere();
		}
		this.delegate.serializeAsElement(bean, generator, context);
	}

}
