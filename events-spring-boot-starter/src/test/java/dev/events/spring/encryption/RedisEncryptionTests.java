package dev.events.spring.encryption;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import dev.events.spring.EventsContext;
import dev.events.test.redis.RedisServer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Encryption in Redis, with transactions on a database.
 */
class RedisEncryptionTests extends EncryptionScenarios {

	private final String prefix = "test-" + UUID.randomUUID();

	@Override
	ApplicationContextRunner runner() {
		RedisServer server = RedisServer.shared();
		return new ApplicationContextRunner().withClassLoader(new FilteredClassLoader("dev.events.jdbc"))
			.withConfiguration(EventsContext.autoConfigurations())
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class,
					DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
					TransactionAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
			.withPropertyValues("spring.datasource.generate-unique-name=true",
					"spring.data.redis.host=" + server.host(), "spring.data.redis.port=" + server.port(),
					"events.redis.key-prefix=" + this.prefix);
	}

	@Override
	boolean replays() {
		return false;
	}

	@Override
	String contents(AssertableApplicationContext context) {
		StringBuilder contents = new StringBuilder();
		try (RedisConnection connection = context.getBean(RedisConnectionFactory.class).getConnection()) {
			for (byte[] key : connection.keyCommands().keys(bytes("{" + this.prefix + "}*"))) {
				switch (String.valueOf(connection.keyCommands().type(key))) {
					case "HASH" -> connection.hashCommands()
						.hGetAll(key)
						.forEach((field, value) -> contents.append(text(field)).append(text(value)).append('\n'));
					case "STREAM" -> connection.streamCommands()
						.xRange(key, Range.unbounded())
						.forEach((entry) -> entry.getValue()
							.forEach((field, value) -> contents.append(text(field)).append(text(value)).append('\n')));
					default -> {
						// sets and sorted sets hold no data of events
					}
				}
			}
		}
		return contents.toString();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
