package dev.events.spring.test;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.events.EventAccessPolicy;
import dev.events.EventInterceptor;
import dev.events.EventSubscriber;
import dev.events.EventUpcaster;
import dev.events.encryption.EventKeyProvider;
import dev.events.spring.EventBusBuilderCustomizer;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.ClassMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/**
 * Leaves out all components but subscribers, all or those which {@link EventsTest} names,
 * and what belongs to the bus itself.
 */
final class EventsTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<EventsTest> {

	private static final Set<Class<?>> OF_THE_BUS = Set.of(EventAccessPolicy.class, EventBusBuilderCustomizer.class,
			EventInterceptor.class, EventKeyProvider.class, EventUpcaster.class);

	private final Set<Class<?>> subscribers;

	EventsTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
		Class<?>[] named = getAnnotation().getValue("subscribers", Class[].class).orElse(new Class<?>[0]);
		this.subscribers = new LinkedHashSet<>(Arrays.asList(named));
	}

	@Override
	protected boolean defaultInclude(MetadataReader metadataReader, MetadataReaderFactory metadataReaderFactory)
			throws IOException {
		return super.defaultInclude(metadataReader, metadataReaderFactory)
				|| this.subscribers.isEmpty() && hasSubscribers(metadataReader, metadataReaderFactory);
	}

	/** Without loading the class: what a test does not have need not be loadable. */
	private static boolean hasSubscribers(MetadataReader type, MetadataReaderFactory types) throws IOException {
		if (type.getAnnotationMetadata().hasAnnotatedMethods(EventSubscriber.class.getName())) {
			return true;
		}
		ClassMetadata metadata = type.getClassMetadata();
		String parent = metadata.getSuperClassName();
		if (parent != null && isSubscriber(parent, types)) {
			return true;
		}
		for (String implemented : metadata.getInterfaceNames()) {
			if (isSubscriber(implemented, types)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isSubscriber(String name, MetadataReaderFactory types) throws IOException {
		return !name.startsWith("java.") && hasSubscribers(types.getMetadataReader(name), types);
	}

	@Override
	protected Set<Class<?>> getKnownIncludes() {
		return OF_THE_BUS;
	}

	@Override
	protected Set<Class<?>> getComponentIncludes() {
		return this.subscribers;
	}

}
