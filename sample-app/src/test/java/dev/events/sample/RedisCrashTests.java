package dev.events.sample;

import java.util.List;

import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.AfterEach;

/**
 * Crash tests with the events in Redis. The application is killed, not the server.
 */
class RedisCrashTests extends CrashContract {

	private final RedisServer server = RedisServer.dedicated();

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Override
	List<String> database() {
		return List.of("--spring.profiles.active=redis", "--spring.data.redis.host=" + this.server.host(),
				"--spring.data.redis.port=" + this.server.port());
	}

}
