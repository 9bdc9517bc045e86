package dev.events.schema;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

import dev.events.Event;
import dev.events.EventSchema;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The library as an application has it that does not add the validator.
 */
class MissingValidatorTests {

	private static URLClassLoader withoutValidator() throws Exception {
		List<URL> urls = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (!entry.contains("json-schema-validator")) {
				urls.add(new File(entry).toURI().toURL());
			}
		}
		return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
	}

	@Test
	void everythingElseWorksAndRegisteringSaysWhatToAdd() throws Exception {
		try (URLClassLoader loader = withoutValidator()) {
			Method main = loader.loadClass(Application.class.getName()).getDeclaredMethod("run");
			main.setAccessible(true);
			assertThatExceptionOfType(InvocationTargetException.class).isThrownBy(() -> main.invoke(null))
				.havingCause()
				.satisfies((ex) -> assertThat(ex.getClass().getName()).endsWith("MissingValidatorException"))
				.withMessageContaining("add the dependency com.networknt:json-schema-validator (3.x)");
			assertThat(loader.loadClass(Application.class.getName())).isNotEqualTo(Application.class);
		}
	}

	/** Runs in the other class loader. */
	static final class Application {

		private Application() {
		}

		static void run() {
			DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore()).build();
			if (!bus.publish(Event.of("user.registered", "x")).isStored()) {
				throw new AssertionError();
			}
			bus.schemas().register(EventSchema.of("user.registered", "1.0.0"));
		}

	}

}
