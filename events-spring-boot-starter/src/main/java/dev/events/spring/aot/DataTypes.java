package dev.events.spring.aot;

import java.util.Set;

import dev.events.EventBatch;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Classes of data in what subscribers take and give, such as {@code Order} in
 * {@code List<Event<Order>>}.
 */
final class DataTypes {

	private DataTypes() {
	}

	/** Adds all that are not the JDK's or ours, but for data of ours. */
	static void collect(ResolvableType type, Set<Class<?>> found) {
		Class<?> resolved = type.resolve();
		if (resolved == null) {
			return;
		}
		Class<?> element = resolved;
		while (element.isArray()) {
			element = element.componentType();
		}
		if (isData(element)) {
			found.add(element);
		}
		for (ResolvableType generic : type.getGenerics()) {
			collect(generic, found);
		}
	}

	private static boolean isData(Class<?> type) {
		return type == EventBatch.class || !ClassUtils.isPrimitiveOrWrapper(type) && !type.getName().startsWith("java.")
				&& !type.getPackageName().equals("dev.events");
	}

}
