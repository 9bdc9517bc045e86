package dev.events.spring.autoconfigure;

import dev.events.memory.MemoryEventStore;
import dev.events.spring.autoconfigure.EventsProperties.StoreType;
import dev.events.store.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * Keeps events in memory when that is wanted or nothing durable is there, and says what
 * is missing when something durable should be.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(EventStore.class)
class FallbackEventStoreConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(FallbackEventStoreConfiguration.class);

	private static final String JDBC_STORE = "dev.events.jdbc.JdbcEventStore";

	@Bean
	EventStore eventsMemoryStore(EventsProperties properties, ResourceLoader resources) {
		ClassLoader classLoader = resources.getClassLoader();
		boolean jdbcStoreIsPresent = ClassUtils.isPresent(JDBC_STORE, classLoader);
		if (properties.store() == StoreType.JDBC && !jdbcStoreIsPresent) {
			throw new EventsSetupException("events.store is jdbc, but the JDBC store is not on the class path.",
					"Add the dependency dev.events:events-jdbc-store, or set events.store to memory.", null);
		}
		if (properties.store() != StoreType.MEMORY && jdbcStoreIsPresent) {
			throw new EventsSetupException(
					"The JDBC store for events is on the class path, but there is no DataSource to keep events in.",
					"Configure one (spring.datasource.url, and the dependency spring-boot-starter-jdbc), or set "
							+ "events.store to memory if events need not survive a restart.",
					null);
		}
		if (properties.store() == StoreType.AUTO) {
			logger.warn("Events are kept in memory and do not survive a restart: add the dependency "
					+ "dev.events:events-jdbc-store, or set events.store to memory if that is what you want");
		}
		return new MemoryEventStore();
	}

}
