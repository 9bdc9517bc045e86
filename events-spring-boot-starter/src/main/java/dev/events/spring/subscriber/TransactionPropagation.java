package dev.events.spring.subscriber;

import java.lang.reflect.Method;
import java.util.Set;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;

/**
 * What {@link Transactional} on a method, where there is such a thing, does to the
 * transaction of its caller.
 */
final class TransactionPropagation {

	private static final boolean PRESENT = ClassUtils.isPresent(
			"org.springframework.transaction.annotation.Transactional", TransactionPropagation.class.getClassLoader());

	private TransactionPropagation() {
	}

	/** Whether the method does its work outside its caller's transaction. */
	static boolean leavesTransaction(Method method) {
		return PRESENT && Annotations.leaves(method);
	}

	/**
	 * Only loaded where the annotation is there.
	 */
	private static final class Annotations {

		private static final Set<Propagation> LEAVING = Set.of(Propagation.REQUIRES_NEW, Propagation.NOT_SUPPORTED,
				Propagation.NEVER);

		private Annotations() {
		}

		static boolean leaves(Method method) {
			Transactional annotation = AnnotatedElementUtils.findMergedAnnotation(method, Transactional.class);
			if (annotation == null) {
				annotation = AnnotatedElementUtils.findMergedAnnotation(method.getDeclaringClass(),
						Transactional.class);
			}
			return annotation != null && LEAVING.contains(annotation.propagation());
		}

	}

}
