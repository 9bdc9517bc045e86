package dev.events.benchmarks.contender;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.events.benchmarks.server.BenchmarkDatabase;
import dev.events.benchmarks.server.Store;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * An application context as Spring Boot makes it, on the benchmark's database, with a
 * pool of the same size for everybody.
 */
final class BootContext {

	static final int POOL_SIZE = 16;

	private BootContext() {
	}

	/**
	 * Starts a context.
	 * @param contender package of the auto-configuration that is not left out
	 * @param properties properties beyond the common ones
	 */
	static ConfigurableApplicationContext start(Setup setup, String contender, Map<String, Object> properties,
			ApplicationContextInitializer<GenericApplicationContext> beans, Class<?>... configurations) {
		Map<String, Object> all = new LinkedHashMap<>();
		all.put(OneContenderOnly.PROPERTY, contender);
		all.put("spring.application.name", "benchmark");
		all.put("spring.main.banner-mode", "off");
		all.put("logging.level.root", "warn");
		all.put(OneContenderOnly.STORE, setup.database().store().name());
		if (setup.database().store() == Store.REDIS) {
			all.put("spring.data.redis.url", setup.database().url());
		}
		else {
			all.put("spring.datasource.url", setup.database().url());
			all.put("spring.datasource.username", BenchmarkDatabase.USER);
			all.put("spring.datasource.hikari.maximum-pool-size", POOL_SIZE);
		}
		all.putAll(properties);
		ApplicationContextInitializer<ConfigurableApplicationContext> initializer = (context) -> beans
			.initialize((GenericApplicationContext) context);
		return new SpringApplicationBuilder(Automatic.class).sources(configurations)
			.web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.properties(all)
			.initializers(initializer)
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Automatic {

	}

}
