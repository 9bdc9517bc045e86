package dev.events.subscriber;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.function.Supplier;

import dev.events.InvalidSubscriptionException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a subscriber method on its object. Must be thread-safe.
 */
@FunctionalInterface
public interface MethodTarget {

	/**
	 * Calls the method.
	 * @param arguments in the order of its parameters
	 * @return what it returned
	 * @throws Exception what it threw, not wrapped
	 */
	@Nullable Object invoke(@Nullable Object[] arguments) throws Exception;

	/**
	 * A target that calls a method by reflection.
	 * @param method the method, of any visibility
	 * @param bean asked for the object at every call
	 * @throws InvalidSubscriptionException when the module system denies access to the
	 * method
	 */
	static MethodTarget of(Method method, Supplier<?> bean) {
		if (!method.trySetAccessible()) {
			throw new InvalidSubscriptionException(MethodNames.of(method)
					+ " cannot be called: make it public, or open its package to this library (opens "
					+ method.getDeclaringClass().getPackageName() + " in module-info.java)");
		}
		return (arguments) -> {
			Object target = bean.get();
			try {
				return method.invoke(target, arguments);
			}
			catch (InvocationTargetException ex) {
				Throwable thrown = ex.getTargetException();
				if (thrown instanceof Exception exception) {
					throw exception;
				}
				if (thrown instanceof Error error) {
					throw error;
				}
				throw new UndeclaredThrowableException(thrown);
			}
			catch (IllegalArgumentException ex) {
				// thrown by reflection itself: what the method throws comes wrapped
				throw new IllegalStateException(MethodNames.of(method) + " cannot be called on "
						+ target.getClass().getName() + " with " + types(arguments), ex);
			}
		};
	}

	private static String types(@Nullable Object[] arguments) {
		return Arrays.stream(arguments)
			.map((argument) -> (argument != null) ? argument.getClass().getName() : "null")
			.toList()
			.toString();
	}

}
