package dev.events.encryption;

import java.util.ArrayList;
import java.util.List;

import dev.events.DataSubject;
import dev.events.Encrypted;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.ser.AnyGetterWriter;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;

/**
 * Lets the serializers of annotated classes and properties note where they write: in the
 * {@link DataShape} that is an attribute of the call.
 */
final class AnnotatedValues extends ValueSerializerModifier {

	private static final long serialVersionUID = 1L;

	// set before a serializer that notes anything is used
	private volatile boolean any;

	/** Whether there is anything to note in what was written so far. */
	boolean any() {
		return this.any;
	}

	private ValueSerializer<?> noted(ValueSerializer<?> serializer) {
		this.any = true;
		return new NotedValue(serializer, false);
	}

	@Override
	public List<BeanPropertyWriter> changeProperties(SerializationConfig config, BeanDescription.Supplier bean,
			List<BeanPropertyWriter> properties) {
		List<BeanPropertyWriter> changed = new ArrayList<>(properties.size());
		for (BeanPropertyWriter property : properties) {
			boolean annotated = property.getAnnotation(Encrypted.class) != null
					|| property.getAnnotation(DataSubject.class) != null;
			if (annotated && !(property instanceof AnyGetterWriter)) {
				this.any = true;
				changed.add(new NotedProperty(property));
			}
			else {
				changed.add(property);
			}
		}
		return changed;
	}

	@Override
	public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier bean,
			ValueSerializer<?> serializer) {
		Class<?> type = bean.getBeanClass();
		boolean opaque = !(serializer instanceof BeanSerializerBase);
		return (EncryptionPlans.isWhole(type) || hasAnnotatedRest(bean) || opaque && EncryptionPlans.isAnnotated(type))
				? noted(serializer) : serializer;
	}

	/** What an "any getter" writes has no names of its own. */
	private static boolean hasAnnotatedRest(BeanDescription.Supplier bean) {
		AnnotatedMember rest = bean.get().findAnyGetter();
		return rest != null && rest.hasAnnotation(Encrypted.class);
	}

	@Override
	public ValueSerializer<?> modifyCollectionSerializer(SerializationConfig config, CollectionType type,
			BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
		return ofClass(type, serializer);
	}

	@Override
	public ValueSerializer<?> modifyMapSerializer(SerializationConfig config, MapType type,
			BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
		return ofClass(type, serializer);
	}

	@Override
	public ValueSerializer<?> modifyEnumSerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
		return ofClass(type, serializer);
	}

	private ValueSerializer<?> ofClass(JavaType type, ValueSerializer<?> serializer) {
		return EncryptionPlans.isWhole(type.getRawClass()) ? noted(serializer) : serializer;
	}

	static @Nullable DataShape shape(SerializationContext context) {
		return (DataShape) context.getAttribute(DataShape.class);
	}

	/**
	 * The pointer to what is about to be written in a context.
	 * @param name its name, if that is not in the context yet
	 * @param any whether all elements of a list are meant
	 */
	static String place(@Nullable TokenStreamContext context, @Nullable String name, boolean any) {
		if (context == null || context.inRoot()) {
			return "";
		}
		String segment = context.inArray() ? (any ? "*" : Integer.toString(context.getCurrentIndex()))
				: FieldPaths.escape((name != null) ? name : String.valueOf(context.currentName()));
		return place(context.getParent(), null, any) + "/" + segment;
	}

}
