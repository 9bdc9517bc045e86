package dev.events.spring.subscriber;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import dev.events.EventSubscriber;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Finds the {@link EventSubscriber} methods of the beans of one context, in the way that
 * Spring finds {@code @EventListener} methods: by the class behind proxies, without
 * creating beans.
 */
final class AnnotatedBeans {

	private static final Logger logger = LoggerFactory.getLogger(AnnotatedBeans.class);

	private final ConfigurableListableBeanFactory beanFactory;

	AnnotatedBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/** All annotated methods, by name of bean and method. */
	List<AnnotatedMethod> methods() {
		List<AnnotatedMethod> found = new ArrayList<>();
		for (String beanName : this.beanFactory.getBeanNamesForType(Object.class)) {
			if (ScopedProxyUtils.isScopedTarget(beanName)) {
				continue;
			}
			Class<?> type = userClass(beanName);
			if (type != null && AnnotationUtils.isCandidateClass(type, EventSubscriber.class)) {
				annotatedMethods(type).forEach(
						(method, annotation) -> found.add(new AnnotatedMethod(beanName, type, method, annotation)));
			}
		}
		found.sort(Comparator.comparing(AnnotatedMethod::beanName)
			.thenComparing((annotated) -> annotated.method().toGenericString()));
		return found;
	}

	private @Nullable Class<?> userClass(String beanName) {
		try {
			Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, beanName);
			if (type != null && ScopedObject.class.isAssignableFrom(type)) {
				return AutoProxyUtils.determineTargetClass(this.beanFactory,
						ScopedProxyUtils.getTargetBeanName(beanName));
			}
			return type;
		}
		catch (RuntimeException | LinkageError ex) {
			// as for @EventListener: the type of a lazy bean that cannot be told
			logger.debug("Could not resolve the class of bean '{}'", beanName, ex);
			return null;
		}
	}

	private static Map<Method, EventSubscriber> annotatedMethods(Class<?> type) {
		try {
			return MethodIntrospector.selectMethods(type,
					(MethodIntrospector.MetadataLookup<EventSubscriber>) (method) -> AnnotatedElementUtils
						.findMergedAnnotation(method, EventSubscriber.class));
		}
		catch (LinkageError | TypeNotPresentException ex) {
			logger.debug("Could not read the methods of {}", type.getName(), ex);
			return Map.of();
		}
	}

	/**
	 * A method of a bean.
	 *
	 * @param beanName name of the bean
	 * @param beanType its class, behind proxies
	 * @param method the method as that class has it
	 * @param annotation its annotation
	 */
	record AnnotatedMethod(String beanName, Class<?> beanType, Method method, EventSubscriber annotation) {

		@Override
		public String toString() {
			return this.beanType.getName() + "#" + this.method.getName() + " of bean '" + this.beanName + "'";
		}

	}

}
