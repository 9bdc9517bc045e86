package dev.events;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What {@link EventType} and {@link EventKey} say about a class, read once for each
 * class. Thread-safe.
 */
public final class EventTypeDescriptor {

	private static final ClassValue<EventTypeDescriptor> DESCRIPTORS = new ClassValue<>() {

		@Override
		protected EventTypeDescriptor computeValue(Class<?> type) {
			return describe(type);
		}

	};

	private static final ClassValue<Boolean> EVENT_TYPES = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return find(type) != null;
		}

	};

	private final Class<?> dataType;

	private final String type;

	private final String version;

	private final @Nullable AccessibleObject key;

	private EventTypeDescriptor(Class<?> dataType, String type, String version, @Nullable AccessibleObject key) {
		this.dataType = dataType;
		this.type = type;
		this.version = version;
		this.key = key;
	}

	/**
	 * Describes the class of the given data.
	 * @throws InvalidEventException when the data is {@code null} or its class carries no
	 * valid {@link EventType}
	 */
	static EventTypeDescriptor of(@Nullable Object data) {
		if (data == null) {
			throw new InvalidEventException("An event must have data, but null was given");
		}
		return of(data.getClass());
	}

	/**
	 * Describes a class.
	 * @throws InvalidEventException when it carries no valid {@link EventType}
	 */
	public static EventTypeDescriptor of(Class<?> dataType) {
		return DESCRIPTORS.get(dataType);
	}

	/** Whether the class, or one it extends or implements, carries {@link EventType}. */
	public static boolean isEventType(Class<?> dataType) {
		return EVENT_TYPES.get(dataType);
	}

	/** The logical name. */
	public String type() {
		return this.type;
	}

	/** The version of the shape. */
	public String version() {
		return this.version;
	}

	/**
	 * The ordering key of an object of the described class, or {@code null}.
	 * @throws InvalidEventException when reading the key fails
	 */
	public @Nullable String key(Object data) {
		try {
			Object value = null;
			if (this.key instanceof Method method) {
				value = method.invoke(data);
			}
			else if (this.key instanceof Field field) {
				value = field.get(data);
			}
			return (value != null) ? value.toString() : null;
		}
		catch (IllegalAccessException | InvocationTargetException ex) {
			throw new InvalidEventException("The @EventKey of " + this.dataType.getName() + " cannot be read", ex);
		}
	}

	private static @Nullable EventType find(Class<?> dataType) {
		for (Class<?> type = dataType; type != null; type = type.getSuperclass()) {
			EventType annotation = type.getDeclaredAnnotation(EventType.class);
			if (annotation != null) {
				return annotation;
			}
			for (Class<?> contract : type.getInterfaces()) {
				EventType inherited = find(contract);
				if (inherited != null) {
					return inherited;
				}
			}
		}
		return null;
	}

	private static EventTypeDescriptor describe(Class<?> dataType) {
		EventType annotation = find(dataType);
		if (annotation == null) {
			throw new InvalidEventException(dataType.getName() + " is not an event: annotate it with "
					+ "@EventType(\"some.name\"), or publish Event.of(\"some.name\", data)");
		}
		String type = EventPattern.requireTypeName(annotation.value());
		List<AccessibleObject> keys = keys(dataType);
		if (keys.size() > 1) {
			throw new InvalidEventException(dataType.getName() + " has more than one @EventKey");
		}
		AccessibleObject key = keys.isEmpty() ? null : keys.get(0);
		if (key != null && !key.trySetAccessible()) {
			throw new InvalidEventException("The @EventKey of " + dataType.getName() + " is not accessible");
		}
		return new EventTypeDescriptor(dataType, type, annotation.version(), key);
	}

	private static List<AccessibleObject> keys(Class<?> dataType) {
		List<AccessibleObject> keys = new ArrayList<>();
		if (dataType.isRecord()) {
			for (RecordComponent component : dataType.getRecordComponents()) {
				if (component.isAnnotationPresent(EventKey.class)) {
					keys.add(component.getAccessor());
				}
			}
			if (!keys.isEmpty()) {
				return keys;
			}
		}
		for (Class<?> type = dataType; type != null && type != Object.class; type = type.getSuperclass()) {
			for (Field field : type.getDeclaredFields()) {
				if (field.isAnnotationPresent(EventKey.class)) {
					keys.add(field);
				}
			}
			for (Method method : type.getDeclaredMethods()) {
				if (method.isAnnotationPresent(EventKey.class) && !method.isBridge() && !method.isSynthetic()) {
					if (method.getParameterCount() > 0 || Modifier.isStatic(method.getModifiers())) {
						throw new InvalidEventException(
								"@EventKey method " + method + " must be an instance method without parameters");
					}
					keys.add(method);
				}
			}
		}
		return keys;
	}

}
