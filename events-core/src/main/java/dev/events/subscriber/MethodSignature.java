package dev.events.subscriber;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.events.Cancellation;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventTypeDescriptor;
import dev.events.InvalidSubscriptionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * What a subscriber method takes, in which order. Immutable.
 */
final class MethodSignature {

	private final List<Parameter> parameters;

	private final JavaType data;

	private MethodSignature(List<Parameter> parameters, JavaType data) {
		this.parameters = parameters;
		this.data = data;
	}

	/**
	 * Reads a method's parameters.
	 * @param method the method
	 * @param beanType class of the object, which may fix type variables of the method's
	 * class
	 * @param types resolves generic types
	 * @throws InvalidSubscriptionException when the method cannot be a subscriber
	 */
	static MethodSignature of(Method method, Class<?> beanType, TypeFactory types) {
		List<Parameter> parameters = new ArrayList<>();
		JavaType eventData = null;
		JavaType plainData = null;
		for (JavaType type : resolve(method, beanType, types)) {
			Parameter parameter = Parameter.of(type.getRawClass());
			parameters.add(parameter);
			if (parameter == Parameter.EVENT) {
				require(eventData == null, "takes two events; take one Event parameter");
				eventData = type.containedTypeOrUnknown(0);
			}
			else if (parameter == Parameter.DATA) {
				require(plainData == null, "takes two data objects (%s and %s); take one data object, the Event, "
						+ "or both, and if you like Delivery or Cancellation", plainData, type);
				requireNoBatch(type);
				plainData = type;
			}
		}
		return new MethodSignature(List.copyOf(parameters), data(eventData, plainData, types));
	}

	private static List<JavaType> resolve(Method method, Class<?> beanType, TypeFactory types) {
		JavaType declaring = types.constructType(beanType).findSuperType(method.getDeclaringClass());
		if (declaring == null) {
			declaring = types.constructType(method.getDeclaringClass());
		}
		List<JavaType> resolved = new ArrayList<>();
		for (Type type : method.getGenericParameterTypes()) {
			resolved.add(types.resolveMemberType(type, declaring.getBindings()));
		}
		return resolved;
	}

	private static void requireNoBatch(JavaType type) {
		JavaType element = type.isContainerType() ? type.getContentType() : null;
		if (element != null && !type.isMapLikeType()) {
			require(!element.hasRawClass(Event.class) && !EventTypeDescriptor.isEventType(element.getRawClass()),
					"takes several events at a time (%s), which is not possible yet; take a single one", type);
		}
	}

	private static JavaType data(@Nullable JavaType eventData, @Nullable JavaType plainData, TypeFactory types) {
		if (eventData == null || plainData == null) {
			JavaType data = (eventData != null) ? eventData : plainData;
			return (data != null) ? data : types.constructType(Object.class);
		}
		if (plainData.equals(eventData) || eventData.isTypeOrSubTypeOf(plainData.getRawClass())) {
			return eventData;
		}
		require(plainData.isTypeOrSubTypeOf(eventData.getRawClass()),
				"takes data of two types: %s and Event<%s>; write the same type for both", plainData, eventData);
		return plainData;
	}

	private static void require(boolean condition, String message, @Nullable Object... types) {
		if (!condition) {
			throw new InvalidSubscriptionException(message.formatted(names(types)));
		}
	}

	private static @Nullable Object[] names(@Nullable Object[] types) {
		@Nullable Object[] names = new Object[types.length];
		for (int i = 0; i < types.length; i++) {
			names[i] = (types[i] instanceof JavaType type) ? type.toCanonical() : types[i];
		}
		return names;
	}

	/** As which type the data is read. */
	Type dataType() {
		// equal types in whatever way they were declared, and Object.class for "as it
		// comes"
		return (this.data.containedTypeCount() == 0 && !this.data.isContainerType()) ? this.data.getRawClass()
				: this.data;
	}

	/** The event type that the data's class names, if it does. */
	Optional<String> eventType() {
		Class<?> type = this.data.getRawClass();
		return EventTypeDescriptor.isEventType(type) ? Optional.of(EventTypeDescriptor.of(type).type())
				: Optional.empty();
	}

	/** Whether the method can cancel events. */
	boolean takesCancellation() {
		return this.parameters.contains(Parameter.CANCELLATION);
	}

	/** What to call the method with. */
	@Nullable Object[] arguments(Event<?> event, Delivery delivery) {
		@Nullable Object[] arguments = new Object[this.parameters.size()];
		for (int i = 0; i < arguments.length; i++) {
			arguments[i] = switch (this.parameters.get(i)) {
				case EVENT -> event;
				case DATA -> event.data();
				case DELIVERY -> delivery;
				case CANCELLATION -> delivery.cancellation();
			};
		}
		return arguments;
	}

	private enum Parameter {

		EVENT, DATA, DELIVERY, CANCELLATION;

		static Parameter of(Class<?> type) {
			if (type == Event.class) {
				return EVENT;
			}
			if (type == Delivery.class) {
				return DELIVERY;
			}
			return (type == Cancellation.class) ? CANCELLATION : DATA;
		}

	}

}
