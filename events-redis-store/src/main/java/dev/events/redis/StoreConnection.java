package dev.events.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;

import org.springframework.beans.DirectFieldAccessor;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The store's own connections to where the application's connections go: with its
 * addresses, credentials, SSL, threads and client options, but apart from what the
 * application does on its own. Thread-safe.
 */
final class StoreConnection implements AutoCloseable {

	private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(1);

	private final LettuceConnectionFactory factory;

	private final ClientResources resources;

	private final boolean cluster;

	StoreConnection(RedisConnectionFactory application, Duration timeout) {
		if (!(application instanceof LettuceConnectionFactory lettuce)) {
			throw new IllegalStateException("The Redis event store needs Lettuce, but the connection factory is a "
					+ application.getClass().getName()
					+ ". Use Lettuce, the default client of Spring Boot (spring.data.redis.client-type=lettuce)");
		}
		this.cluster = lettuce.isClusterAware();
		LettuceClientConfiguration client = lettuce.getClientConfiguration();
		this.resources = resources(client);
		this.factory = new LettuceConnectionFactory(server(lettuce),
				new StoreClientConfiguration(client, this.resources, timeout));
		this.factory.afterPropertiesSet();
		this.factory.start();
	}

	/** For threads, the application's where it shares them, else our own. */
	private static ClientResources resources(LettuceClientConfiguration client) {
		DefaultClientResources.Builder builder = DefaultClientResources.builder();
		client.getClientResources()
			.ifPresent((shared) -> builder.eventLoopGroupProvider(shared.eventLoopGroupProvider())
				.eventExecutorGroup(shared.eventExecutorGroup())
				.timer(shared.timer())
				.eventBus(shared.eventBus())
				.commandLatencyRecorder(shared.commandLatencyRecorder())
				.socketAddressResolver(shared.socketAddressResolver())
				.addressResolverGroup(shared.addressResolverGroup())
				.nettyCustomizer(shared.nettyCustomizer())
				.tracing(shared.tracing()));
		// after a long outage Lettuce would wait for half a minute
		return builder
			.reconnectDelay(
					() -> Delay.exponential(Duration.ofMillis(1), LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS))
			.build();
	}

	/**
	 * Where the application's connections go. Of a list of master and replicas, and of a
	 * configuration of unknown kind, there is no other way to ask for it.
	 */
	private static RedisConfiguration server(LettuceConnectionFactory application) {
		Object configuration = new DirectFieldAccessor(application).getPropertyValue("configuration");
		if (configuration instanceof RedisConfiguration server) {
			return server;
		}
		throw new IllegalStateException(
				"It cannot be found out where " + application.getClass().getName() + " connects to");
	}

	/**
	 * Commands on the connection that all threads share; it may be broken just now.
	 */
	@SuppressWarnings("unchecked")
	RedisClusterAsyncCommands<byte[], byte[]> commands() {
		try (RedisConnection connection = this.factory.getConnection()) {
			return (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
		}
	}

	/** A further connection, for subscribing; it reconnects by itself. */
	RedisConnection subscriber() {
		return this.factory.getConnection();
	}

	boolean isCluster() {
		return this.cluster;
	}

	/**
	 * Drops the connection; the next call connects anew, wherever the address then leads.
	 */
	void reset() {
		this.factory.resetConnection();
	}

	@Override
	public void close() {
		this.factory.destroy();
		this.resources.shutdown(0, 2, TimeUnit.SECONDS);
	}

}
