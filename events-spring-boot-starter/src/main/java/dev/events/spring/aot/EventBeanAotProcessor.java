package dev.events.spring.aot;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.events.EventSubscriber;
import dev.events.connector.EventConnector;
import dev.events.spring.connector.ConnectorFunction;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Keeps what is called and read of beans: methods with {@link EventSubscriber} and
 * {@link ConnectorFunction} with the data they take and give, and the configuration of
 * connectors.
 */
final class EventBeanAotProcessor implements BeanRegistrationAotProcessor {

	private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
		Set<Method> methods = MethodIntrospector.selectMethods(type, EventBeanAotProcessor::isCalled);
		Class<?> config = ResolvableType.forClass(type).as(EventConnector.class).getGeneric().resolve();
		return (methods.isEmpty() && config == null) ? null : new Contribution(type, methods, config);
	}

	private static boolean isCalled(Method method) {
		return AnnotatedElementUtils.hasAnnotation(method, EventSubscriber.class)
				|| AnnotatedElementUtils.hasAnnotation(method, ConnectorFunction.class);
	}

	/**
	 * Makes the hints.
	 */
	private record Contribution(Class<?> type, Set<Method> methods,
			@Nullable Class<?> config) implements BeanRegistrationAotContribution {

		@Override
		public void applyTo(GenerationContext context, BeanRegistrationCode code) {
			RuntimeHints hints = context.getRuntimeHints();
			if (this.config != null) {
				BINDING.registerReflectionHints(hints.reflection(), this.config);
			}
			for (Method method : this.methods) {
				hints.reflection()
					.registerMethod(AopUtils.selectInvocableMethod(method, this.type), ExecutableMode.INVOKE);
				Set<Class<?>> data = new LinkedHashSet<>();
				for (int i = 0; i < method.getParameterCount(); i++) {
					DataTypes.collect(ResolvableType.forMethodParameter(method, i, this.type), data);
				}
				DataTypes.collect(ResolvableType.forMethodReturnType(method, this.type), data);
				data.forEach((dataType) -> BINDING.registerReflectionHints(hints.reflection(), dataType));
			}
		}

	}

}
