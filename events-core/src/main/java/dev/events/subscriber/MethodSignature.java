package dev.events.subscriber;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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

	// what to make of the events of a batch, or null when it takes one event at a time
	private final @Nullable Parameter batch;

	private MethodSignature(List<Parameter> parameters, JavaType data, @Nullable Parameter batch) {
		this.parameters = parameters;
		this.data = data;
		this.batch = batch;
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
		List<JavaType> resolved = resolve(method, beanType, types);
		JavaType element = resolved.stream()
			.map(MethodSignature::batchElement)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		if (element != null) {
			return batch(method, resolved, element);
		}
		for (JavaType type : resolved) {
			Parameter parameter = Parameter.of(type.getRawClass());
			parameters.add(parameter);
			if (parameter == Parameter.EVENT) {
				require(eventData == null, "takes two events; take one Event parameter");
				eventData = type.containedTypeOrUnknown(0);
			}
			else if (parameter == Parameter.DATA) {
				require(plainData == null, "takes two data objects (%s and %s); take one data object, the Event, "
						+ "or both, and if you like Delivery or Cancellation", plainData, type);
				plainData = type;
			}
		}
		return new MethodSignature(List.copyOf(parameters), data(eventData, plainData, types), null);
	}

	private static MethodSignature batch(Method method, List<JavaType> parameters, JavaType element) {
		require(parameters.size() == 1, "takes several events at a time, and something else; take the list alone");
		require(method.getReturnType() == void.class, "takes several events at a time, so nobody can tell to which of "
				+ "them its result belongs; let it return void, and publish with EventBus");
		boolean events = element.hasRawClass(Event.class);
		return new MethodSignature(List.of(), events ? element.containedTypeOrUnknown(0) : element,
				events ? Parameter.EVENT : Parameter.DATA);
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

	/** Of what a parameter takes several, if these are events; else {@code null}. */
	private static @Nullable JavaType batchElement(JavaType type) {
		JavaType element = (type.isContainerType() && !type.isMapLikeType()) ? type.getContentType() : null;
		if (element == null
				|| !element.hasRawClass(Event.class) && !EventTypeDescriptor.isEventType(element.getRawClass())) {
			return null;
		}
		require(type.getRawClass().isAssignableFrom(List.class),
				"takes several events at a time as %s; take a java.util.List", type);
		return element;
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

	/** Whether the method takes several events at a time. */
	boolean takesBatch() {
		return this.batch != null;
	}

	/** What to call a method with that takes several events at a time. */
	@Nullable Object[] arguments(List<? extends Event<?>> events) {
		return new @Nullable Object[] { (this.batch == Parameter.DATA) ? data(events) : events };
	}

	private static List<@Nullable Object> data(List<? extends Event<?>> events) {
		List<@Nullable Object> data = new ArrayList<>(events.size());
		events.forEach((event) -> data.add(event.data()));
		return Collections.unmodifiableList(data);
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
