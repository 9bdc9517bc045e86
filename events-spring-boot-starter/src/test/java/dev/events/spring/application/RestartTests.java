package dev.events.spring.application;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.memory.MemoryEventStore;
import dev.events.spring.EventsContext;
import dev.events.store.EventStore;
import org.junit.jupiter.api.Test;

import org.springframework.core.OverridingClassLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Spring Boot's devtools do: the application's classes are loaded anew, the
 * libraries stay.
 */
class RestartTests {

	private final MemoryEventStore store = new MemoryEventStore();

	@Test
	void aRestartedApplicationGoesOnWithItsNewClasses() {
		List<String> first = run("one");
		List<String> second = run("two");
		assertThat(first).containsExactly("one");
		assertThat(second).containsExactly("two");
	}

	@SuppressWarnings("unchecked")
	private List<String> run(String name) {
		ClassLoader restarted = new RestartClassLoader();
		List<String> seen = new CopyOnWriteArrayList<>();
		EventsContext.inMemory()
			.withClassLoader(restarted)
			.withBean("store", EventStore.class, () -> this.store)
			.withUserConfiguration(load(restarted, "RestartedApplication"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Supplier<List<String>> names = (Supplier<List<String>>) context.getBean("names");
				assertThat(names.getClass().getClassLoader()).isSameAs(restarted);
				context.getBean(EventBus.class)
					.publish(Event.of("restart.named", List.of(name)).withData(event(restarted, name)));
				await().until(() -> !names.get().isEmpty());
				seen.addAll(names.get());
			});
		return seen;
	}

	private static Object event(ClassLoader classLoader, String name) {
		try {
			return load(classLoader, "RestartedApplication$Named").getConstructor(String.class).newInstance(name);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Class<?> load(ClassLoader classLoader, String name) {
		try {
			return classLoader.loadClass(RestartTests.class.getPackageName() + "." + name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class RestartClassLoader extends OverridingClassLoader {

		RestartClassLoader() {
			super(RestartTests.class.getClassLoader());
		}

		@Override
		protected boolean isEligibleForOverriding(String className) {
			return className.startsWith(RestartTests.class.getPackageName() + ".RestartedApplication");
		}

	}

}
