package dev.events.spring.redis;

import java.util.UUID;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventSubscriber;
import dev.events.memory.MemoryEventStore;
import dev.events.redis.RedisEventStore;
import dev.events.spring.EventsContext;
import dev.events.store.EventStore;
import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static dev.events.spring.EventsContext.analysis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * When events are kept in Redis, and what is said when they cannot be.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisStoreConfigurationTests {

	private static final String EVICTING = "ServerCheck -- The Redis server may evict events";

	private final ApplicationContextRunner withBothStores = new ApplicationContextRunner()
		.withConfiguration(EventsContext.autoConfigurations());

	private final ApplicationContextRunner withoutRedis = this.withBothStores
		.withClassLoader(new FilteredClassLoader("dev.events.jdbc"));

	private final ApplicationContextRunner runner = connected(this.withoutRedis, RedisServer.shared());

	private static ApplicationContextRunner connected(ApplicationContextRunner runner, RedisServer server) {
		return runner.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues("spring.data.redis.host=" + server.host(), "spring.data.redis.port=" + server.port(),
					"events.redis.key-prefix=test-" + UUID.randomUUID());
	}

	@Test
	void keepsEventsInRedis() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(RedisEventStore.class).hasSingleBean(EventStore.class);
			assertThat(context.getBean(EventBus.class).publish(Event.of("a", 1)).isStored()).isTrue();
			assertThat(context.getBean(EventStore.class).log().head()).isEqualTo(1);
			assertThat(context.getBean(EventStore.class).name()).startsWith("redis (");
		});
	}

	@Test
	void applicationsWithDifferentPrefixesShareAServer() {
		this.runner.run((first) -> {
			first.getBean(EventBus.class).publish(Event.of("a", 1));
			connected(this.withoutRedis, RedisServer.shared())
				.run((second) -> assertThat(second.getBean(EventStore.class).log().head()).isZero());
		});
	}

	@Test
	void memoryCanBeChosen() {
		this.runner.withPropertyValues("events.store=memory")
			.run((context) -> assertThat(context.getBean(EventStore.class)).isInstanceOf(MemoryEventStore.class));
	}

	@Test
	void givesWayToTheApplicationsStore() {
		MemoryEventStore store = new MemoryEventStore();
		this.runner.withBean("myStore", EventStore.class, () -> store)
			.run((context) -> assertThat(context.getBean(EventStore.class)).isSameAs(store));
	}

	@Test
	void ofBothStoresOneHasToBeChosen() {
		ApplicationContextRunner both = connected(this.withBothStores, RedisServer.shared());
		both.run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription())
				.isEqualTo("Both the JDBC store and the Redis store for events are on the class path.");
			assertThat(analysis.getAction()).startsWith("Set events.store to jdbc or redis");
		});
		both.withPropertyValues("events.store=redis")
			.run((context) -> assertThat(context).hasSingleBean(RedisEventStore.class));
		both.withPropertyValues("events.store=jdbc")
			.run((context) -> assertThat(analysis(context).getDescription()).contains("there is no DataSource"));
	}

	@Test
	void explainsThatThereIsNoConnectionFactory() {
		for (String store : new String[] { "auto", "redis" }) {
			this.withoutRedis.withPropertyValues("events.store=" + store).run((context) -> {
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription()).isEqualTo(
						"The Redis store for events is on the class path, but there is no RedisConnectionFactory.");
				assertThat(analysis.getAction()).contains("spring-boot-starter-data-redis")
					.contains("events.store to memory");
			});
		}
	}

	@Test
	void explainsThatTheRedisStoreIsMissing() {
		EventsContext.plain().withPropertyValues("events.store=redis").run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription())
				.isEqualTo("events.store is redis, but the Redis store is not on the class path.");
			assertThat(analysis.getAction()).contains("dev.events:events-redis-store");
		});
	}

	@Test
	void oneOfSeveralConnectionFactoriesIsNamed() {
		ApplicationContextRunner several = this.runner.withUserConfiguration(SeveralFactories.class);
		several.run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription()).contains("several RedisConnectionFactory beans")
				.contains("cacheRedis")
				.contains("eventRedis");
			assertThat(analysis.getAction()).contains("events.redis.connection-factory");
		});
		several.withPropertyValues("events.redis.connection-factory=eventRedis")
			.run((context) -> assertThat(context.getBean(EventBus.class).publish(Event.of("a", 1)).isStored())
				.isTrue());
		several.withPropertyValues("events.redis.connection-factory=eventRedi")
			.run((context) -> assertThat(analysis(context).getAction()).contains("eventRedis"));
	}

	@Test
	void explainsWrongProperties() {
		this.runner.withPropertyValues("events.redis.key-prefix={shop}").run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription()).contains("events.redis.key-prefix is '{shop}'")
				.contains("for example shop-events");
		});
		this.runner.withPropertyValues("events.redis.timeout=10ms")
			.run((context) -> assertThat(analysis(context).getDescription())
				.contains("events.redis.timeout is PT0.01S"));
	}

	@Test
	void refusesAServerThatMayDropEvents(CapturedOutput output) {
		try (RedisServer server = RedisServer.dedicated("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")) {
			ApplicationContextRunner evicting = connected(this.withoutRedis, server);
			evicting.run((context) -> assertThat(analysis(context).getDescription()).contains("allkeys-lru")
				.contains("Set maxmemory-policy to noeviction")
				.contains("events.redis.eviction-check"));
			evicting.withPropertyValues("events.redis.eviction-check=warn")
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(output).containsOnlyOnce(EVICTING);
			evicting.withPropertyValues("events.redis.eviction-check=off")
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(output).containsOnlyOnce(EVICTING);
		}
	}

	@Test
	void warnsOfAServerThatForgets(CapturedOutput output) {
		try (RedisServer server = RedisServer.dedicated("--appendonly", "no")) {
			connected(this.withoutRedis, server).run((context) -> assertThat(context).hasNotFailed());
		}
		assertThat(output).containsOnlyOnce("Set appendonly to yes");
	}

	@Test
	void explainsThatItNeedsLettuce() {
		this.withoutRedis
			.withBean(RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class, "JedisConnectionFactory"))
			.run((context) -> assertThat(analysis(context).getDescription())
				.contains("The Redis event store needs Lettuce")
				.contains("spring.data.redis.client-type=lettuce"));
	}

	@Test
	void explainsThatTheServerCannotBeReached() {
		this.runner.withPropertyValues("spring.data.redis.port=1").run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription()).contains("Redis cannot be reached").contains("127.0.0.1");
		});
	}

	@Test
	void transactionalSubscribersAreRefused() {
		this.runner.withBean(Ledger.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(analysis(context).getDescription()).contains("transactional");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class SeveralFactories {

		@Bean
		LettuceConnectionFactory eventRedis() {
			return new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(RedisServer.shared().host(), RedisServer.shared().port()));
		}

		@Bean
		LettuceConnectionFactory cacheRedis() {
			return new LettuceConnectionFactory();
		}

	}

	static class Ledger {

		@EventSubscriber(id = "ledger", value = "a", transactional = true)
		void book(Event<?> event) {
		}

	}

}
