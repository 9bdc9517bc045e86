package dev.events.spring.aot;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.events.Aggregation;
import dev.events.EventSubscriber;
import dev.events.Saga;
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
 * {@link ConnectorFunction} with the data they take and give, the configuration of
 * connectors, and what sagas and aggregations keep.
 */
final class EventBeanAotProcessor implements BeanRegistrationAotProcessor {

	private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
		Set<Method> methods = MethodIntrospector.selectMethods(type, EventBeanAotProcessor::isCalled);
		Set<Class<?>> data = new LinkedHashSet<>();
		Class<?> config = ResolvableType.forClass(type).as(EventConnector.class).getGeneric().resolve();
		if (config != null) {
			data.add(config);
		}
		collectGenerics(bean.getBeanType().as(Saga.class), data);
		collectGenerics(bean.getBeanType().as(Aggregation.class), data);
		return (methods.isEmpty() && data.isEmpty()) ? null : new Contribution(type, methods, data);
	}

	private static void collectGenerics(ResolvableType type, Set<Class<?>> found) {
		for (ResolvableType generic : type.getGenerics()) {
			DataTypes.collect(generic, found);
		}
	}

	private static boolean isCalled(Method method) {
		return AnnotatedElementUtils.hasAnnotation(method, EventSubscriber.class)
				|| AnnotatedElementUtils.hasAnnotation(method, ConnectorFunction.class);
	}

	/**
	 * Makes the hints.
	 */
	private record Contribution(Class<?> type, Set<Method> methods,
			Set<Class<?>> kept) implements BeanRegistrationAotContribution {

		@Override
		public void applyTo(GenerationContext context, BeanRegistrationCode code) {
			RuntimeHints hints = context.getRuntimeHints();
			this.kept.forEach((dataType) -> BINDING.registerReflectionHints(hints.reflection(), dataType));
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
