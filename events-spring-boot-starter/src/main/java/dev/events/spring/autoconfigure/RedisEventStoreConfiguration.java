package dev.events.spring.autoconfigure;

import dev.events.redis.RedisEventStore;
import dev.events.redis.RedisEventStoreSettings;
import dev.events.spring.autoconfigure.EventsProperties.StoreType;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.StringUtils;

/**
 * Keeps events in Redis, where the Redis store and a connection factory are there.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ RedisEventStore.class, RedisConnectionFactory.class })
@ConditionalOnMissingBean(EventStore.class)
@ConditionalOnStoreType(StoreType.REDIS)
@ConditionalOnBean(RedisConnectionFactory.class)
class RedisEventStoreConfiguration {

	@Bean
	RedisEventStore eventsRedisStore(EventsProperties properties, ListableBeanFactory beanFactory,
			ObjectProvider<RedisConnectionFactory> connectionFactories) {
		EventsProperties.Redis redis = properties.redis();
		RedisEventStoreSettings settings = settings(redis);
		RedisConnectionFactory connectionFactory = connectionFactory(redis.connectionFactory(), beanFactory,
				connectionFactories);
		try {
			return new RedisEventStore(connectionFactory, settings);
		}
		catch (IllegalStateException ex) {
			throw new EventsSetupException("Events cannot be kept in this Redis. " + ex.getMessage() + ".",
					"Change it as described above.", ex);
		}
	}

	private static RedisEventStoreSettings settings(EventsProperties.Redis redis) {
		try {
			return new RedisEventStoreSettings(redis.keyPrefix(), redis.timeout(),
					RedisEventStoreSettings.EvictionCheck.valueOf(redis.evictionCheck().name()), redis.index());
		}
		catch (IllegalArgumentException ex) {
			throw new EventsSetupException("The properties events.redis.* are not valid. " + ex.getMessage() + ".",
					"Correct the property.", ex);
		}
	}

	private static RedisConnectionFactory connectionFactory(@Nullable String name, ListableBeanFactory beanFactory,
			ObjectProvider<RedisConnectionFactory> all) {
		String[] names = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, RedisConnectionFactory.class);
		if (StringUtils.hasText(name)) {
			if (!beanFactory.containsBean(name) || !beanFactory.isTypeMatch(name, RedisConnectionFactory.class)) {
				throw new EventsSetupException(
						"events.redis.connection-factory is " + name
								+ ", but there is no RedisConnectionFactory of this name.",
						"Write the name of one of these beans: " + String.join(", ", names) + ".", null);
			}
			return beanFactory.getBean(name, RedisConnectionFactory.class);
		}
		RedisConnectionFactory single = all.getIfUnique();
		if (single == null) {
			throw new EventsSetupException("There are several RedisConnectionFactory beans to keep events with: "
					+ String.join(", ", names) + ".",
					"Name one by events.redis.connection-factory, or make one of them @Primary.", null);
		}
		return single;
	}

}
