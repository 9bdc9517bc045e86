package dev.events.sample;

import java.util.UUID;

import dev.events.test.redis.RedisServer;

import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Once through the application with its events in Redis.
 */
@SampleTest
@ActiveProfiles("redis")
class RedisTests extends EveryPluginContract {

	@DynamicPropertySource
	static void redis(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", () -> "jdbc:h2:mem:redis;DB_CLOSE_DELAY=-1");
		registry.add("spring.data.redis.host", RedisServer.shared()::host);
		registry.add("spring.data.redis.port", RedisServer.shared()::port);
		registry.add("events.redis.key-prefix", () -> "sample-" + UUID.randomUUID());
	}

}
