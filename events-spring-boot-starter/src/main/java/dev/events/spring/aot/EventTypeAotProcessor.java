package dev.events.spring.aot;

import java.util.ArrayList;
import java.util.List;

import dev.events.EventType;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Keeps the classes with {@link EventType} in the packages of the application, also those
 * that it only publishes.
 */
final class EventTypeAotProcessor implements BeanFactoryInitializationAotProcessor {

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (!AutoConfigurationPackages.has(beanFactory)) {
			return null;
		}
		List<Class<?>> types = types(beanFactory);
		if (types.isEmpty()) {
			return null;
		}
		return (context, code) -> types.forEach((type) -> new BindingReflectionHintsRegistrar()
			.registerReflectionHints(context.getRuntimeHints().reflection(), type));
	}

	private static List<Class<?>> types(ConfigurableListableBeanFactory beanFactory) {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false) {

			@Override
			protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
				// interfaces and sealed types, too
				return definition.getMetadata().isIndependent();
			}

		};
		scanner.addIncludeFilter(new AnnotationTypeFilter(EventType.class));
		List<Class<?>> types = new ArrayList<>();
		for (String basePackage : AutoConfigurationPackages.get(beanFactory)) {
			scanner.findCandidateComponents(basePackage)
				.forEach((definition) -> types.add(ClassUtils.resolveClassName(
						String.valueOf(definition.getBeanClassName()), beanFactory.getBeanClassLoader())));
		}
		return types;
	}

}
