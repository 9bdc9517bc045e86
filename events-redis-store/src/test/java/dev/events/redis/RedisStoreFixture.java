package dev.events.redis;

import java.time.Duration;
import java.util.UUID;

import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.store.EventStore;
import dev.events.test.redis.RedisCluster;
import dev.events.test.redis.RedisServer;
import dev.events.test.store.StoreFixture;
import org.awaitility.Awaitility;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.awaitility.Awaitility.await;

/**
 * A store with keys of its own. Time really passes.
 */
final class RedisStoreFixture implements StoreFixture {

	static {
		// on a busy machine a thread may stand still for seconds, several times
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	private final LettuceConnectionFactory factory;

	private final RedisEventStore store;

	RedisStoreFixture(RedisConfiguration server, RedisEventStoreSettings settings) {
		this.factory = new LettuceConnectionFactory(server, LettuceClientConfiguration.defaultConfiguration());
		this.factory.afterPropertiesSet();
		this.factory.start();
		this.store = new RedisEventStore(this.factory, settings);
	}

	static RedisStoreFixture standalone() {
		return new RedisStoreFixture(configuration(RedisServer.shared()), settings());
	}

	static RedisStoreFixture cluster() {
		return new RedisStoreFixture(new RedisClusterConfiguration(RedisCluster.shared().addresses()), settings());
	}

	static RedisConfiguration configuration(RedisServer server) {
		return new RedisStandaloneConfiguration(server.host(), server.port());
	}

	/** With a prefix that no other test has. */
	static RedisEventStoreSettings settings() {
		return new RedisEventStoreSettings("test-" + UUID.randomUUID(), Duration.ofSeconds(5), EvictionCheck.FAIL,
				true);
	}

	@Override
	public EventStore store() {
		return this.store;
	}

	@Override
	public void advance(Duration duration) {
		await().pollDelay(duration).until(() -> true);
	}

	@Override
	public void close() {
		this.store.close();
		this.factory.destroy();
	}

}
