package dev.events.spring.autoconfigure;

import java.util.Set;

import dev.events.memory.MemoryEventStore;
import dev.events.spring.autoconfigure.EventsProperties.StoreType;
import dev.events.store.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;

/**
 * Keeps events in memory when that is wanted or nothing durable is there, and says what
 * is missing when something durable should be.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(EventStore.class)
class FallbackEventStoreConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(FallbackEventStoreConfiguration.class);

	@Bean
	EventStore eventsMemoryStore(EventsProperties properties, ResourceLoader resources) {
		StoreType chosen = properties.store();
		Set<StoreType> present = OnStoreType.present(resources.getClassLoader());
		if (chosen == StoreType.MEMORY) {
			return new MemoryEventStore();
		}
		if (chosen == StoreType.JDBC && !present.contains(StoreType.JDBC)) {
			throw missing("jdbc", "JDBC", "events-jdbc-store");
		}
		if (chosen == StoreType.REDIS && !present.contains(StoreType.REDIS)) {
			throw missing("redis", "Redis", "events-redis-store");
		}
		if (chosen == StoreType.AUTO && present.size() > 1) {
			throw new EventsSetupException("Both the JDBC store and the Redis store for events are on the class path.",
					"Set events.store to jdbc or redis, or remove the dependency dev.events:events-jdbc-store or "
							+ "dev.events:events-redis-store.",
					null);
		}
		if (chosen == StoreType.JDBC || present.contains(StoreType.JDBC)) {
			throw new EventsSetupException(
					"The JDBC store for events is on the class path, but there is no DataSource to keep events in.",
					"Configure one (spring.datasource.url, and the dependency spring-boot-starter-jdbc), or set "
							+ "events.store to memory if events need not survive a restart.",
					null);
		}
		if (chosen == StoreType.REDIS || present.contains(StoreType.REDIS)) {
			throw new EventsSetupException(
					"The Redis store for events is on the class path, but there is no RedisConnectionFactory.",
					"Add the dependency spring-boot-starter-data-redis (and spring.data.redis.host), or set "
							+ "events.store to memory if events need not survive a restart.",
					null);
		}
		logger.warn("Events are kept in memory and do not survive a restart: add the dependency "
				+ "dev.events:events-jdbc-store or dev.events:events-redis-store, or set events.store to memory if "
				+ "that is what you want");
		return new MemoryEventStore();
	}

	private static EventsSetupException missing(String value, String name, String artifact) {
		return new EventsSetupException(
				"events.store is " + value + ", but the " + name + " store is not on the class path.",
				"Add the dependency dev.events:" + artifact + ", or set events.store to memory.", null);
	}

}
