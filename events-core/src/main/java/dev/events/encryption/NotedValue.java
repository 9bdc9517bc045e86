package dev.events.encryption;

import java.util.Set;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.util.NameTransformer;

/**
 * Writes a value that is encrypted as a whole, and notes where.
 */
final class NotedValue extends ValueSerializer<Object> {

	private final ValueSerializer<Object> delegate;

	private final boolean unwrapping;

	@SuppressWarnings("unchecked")
	NotedValue(ValueSerializer<?> delegate, boolean unwrapping) {
		this.delegate = (ValueSerializer<Object>) delegate;
		this.unwrapping = unwrapping;
	}

	private void note(JsonGenerator generator, SerializationContext context) {
		DataShape shape = AnnotatedValues.shape(context);
		if (shape != null && this.unwrapping) {
			shape.encryptedSomewhere();
		}
		else if (shape != null) {
			shape.encrypted(AnnotatedValues.place(generator.streamWriteContext(), null, true));
		}
	}

	@Override
	public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
		note(generator, context);
		this.delegate.serialize(value, generator, context);
	}

	@Override
	public void serializeWithType(Object value, JsonGenerator generator, SerializationContext context,
			TypeSerializer type) {
		note(generator, context);
		this.delegate.serializeWithType(value, generator, context, type);
	}

	@Override
	public void resolve(SerializationContext context) {
		this.delegate.resolve(context);
	}

	@Override
	public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
		return with(this.delegate.createContextual(context, property));
	}

	@Override
	public ValueSerializer<?> withFilterId(Object filterId) {
		return with(this.delegate.withFilterId(filterId));
	}

	@Override
	public ValueSerializer<?> withIgnoredProperties(Set<String> ignored) {
		return with(this.delegate.withIgnoredProperties(ignored));
	}

	@Override
	public ValueSerializer<?> withFormatOverrides(SerializationConfig config, JsonFormat.Value format) {
		return with(this.delegate.withFormatOverrides(config, format));
	}

	private ValueSerializer<?> with(ValueSerializer<?> changed) {
		return (changed != this.delegate) ? new NotedValue(changed, this.unwrapping) : this;
	}

	@Override
	public ValueSerializer<Object> unwrappingSerializer(NameTransformer names) {
		return new NotedValue(this.delegate.unwrappingSerializer(names), true);
	}

	@Override
	public boolean isUnwrappingSerializer() {
		return this.delegate.isUnwrappingSerializer();
	}

	@Override
	public boolean usesObjectId() {
		return this.delegate.usesObjectId();
	}

	@Override
	public boolean isEmpty(SerializationContext context, Object value) {
		return this.delegate.isEmpty(context, value);
	}

	@Override
	public ValueSerializer<?> getDelegatee() {
		return this.delegate;
	}

}
