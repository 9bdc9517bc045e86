package dev.events.subscriber;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.events.EventSubscriber;
import dev.events.InvalidSubscriptionException;
import dev.events.Subscriber;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@link EventSubscriber} methods of a plain object, inherited ones included.
 *
 * <pre class="code">
 * AnnotatedSubscribers.of(new Mails()).forEach(bus::subscribe);
 * </pre>
 */
public final class AnnotatedSubscribers {

	private AnnotatedSubscribers() {
	}

	/**
	 * Subscribers of an object. Without an id in the annotation, the id is the simple
	 * name of the class and the name of the method, joined by a dot. Filters are not
	 * possible.
	 * @param bean the object
	 * @return one for each annotated method, by name of the method; empty when there is
	 * none
	 * @throws InvalidSubscriptionException when an annotated method cannot be a
	 * subscriber
	 */
	public static List<Subscriber<?>> of(Object bean) {
		Class<?> beanType = bean.getClass();
		String beanName = beanType.getSimpleName().isEmpty() ? beanType.getName() : beanType.getSimpleName();
		SubscriberMethods methods = new SubscriberMethods(FilterCompiler.NONE, AnswerAdapter.NONE);
		List<Subscriber<?>> subscribers = new ArrayList<>();
		find(beanType).forEach((method, annotation) -> subscribers.add(methods.subscriber(method, beanType, annotation,
				beanName + "." + method.getName(), MethodTarget.of(method, () -> bean))));
		return List.copyOf(subscribers);
	}

	private static Map<Method, EventSubscriber> find(Class<?> beanType) {
		Map<List<Object>, Method> mostSpecific = new LinkedHashMap<>();
		Map<List<Object>, EventSubscriber> annotations = new LinkedHashMap<>();
		for (Class<?> type : hierarchy(beanType)) {
			for (Method method : type.getDeclaredMethods()) {
				if (method.isSynthetic()) {
					continue;
				}
				List<Object> signature = signature(method);
				mostSpecific.putIfAbsent(signature, method);
				EventSubscriber annotation = annotation(method, new LinkedHashSet<>());
				if (annotation != null) {
					annotations.putIfAbsent(signature, annotation);
				}
			}
		}
		Map<Method, EventSubscriber> found = new LinkedHashMap<>();
		annotations.entrySet()
			.stream()
			.sorted(Comparator.comparing((entry) -> entry.getKey().toString()))
			.forEach((entry) -> found.put(Objects.requireNonNull(mostSpecific.get(entry.getKey())), entry.getValue()));
		return found;
	}

	/** Classes first, most specific first, then interfaces. */
	private static Set<Class<?>> hierarchy(Class<?> beanType) {
		Set<Class<?>> types = new LinkedHashSet<>();
		for (Class<?> type = beanType; type != null && type != Object.class; type = type.getSuperclass()) {
			types.add(type);
		}
		for (Class<?> type : List.copyOf(types)) {
			addInterfaces(type, types);
		}
		return types;
	}

	private static void addInterfaces(Class<?> type, Set<Class<?>> types) {
		for (Class<?> contract : type.getInterfaces()) {
			types.add(contract);
			addInterfaces(contract, types);
		}
	}

	private static List<Object> signature(Method method) {
		List<Object> signature = new ArrayList<>(List.of(method.getName()));
		signature.addAll(Arrays.asList(method.getParameterTypes()));
		if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
			// neither overrides nor is overridden
			signature.add(method.getDeclaringClass());
		}
		return signature;
	}

	private static @Nullable EventSubscriber annotation(AnnotatedElement element, Set<Class<?>> seen) {
		EventSubscriber direct = element.getDeclaredAnnotation(EventSubscriber.class);
		if (direct != null) {
			return direct;
		}
		for (Annotation annotation : element.getDeclaredAnnotations()) {
			Class<? extends Annotation> type = annotation.annotationType();
			if (seen.add(type)) {
				EventSubscriber meta = annotation(type, seen);
				if (meta != null) {
					return meta;
				}
			}
		}
		return null;
	}

}
