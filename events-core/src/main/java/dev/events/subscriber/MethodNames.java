package dev.events.subscriber;

import java.lang.reflect.Method;

/**
 * How methods are named in messages.
 */
final class MethodNames {

	private MethodNames() {
	}

	/** For example {@code com.acme.Mails#sendWelcomeMail}. */
	static String of(Method method) {
		return of(method, method.getDeclaringClass());
	}

	/** The same, for a method inherited by the given class. */
	static String of(Method method, Class<?> beanType) {
		return beanType.getName() + "#" + method.getName();
	}

}
