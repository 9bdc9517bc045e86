package dev.events.benchmarks.contender;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;

/**
 * Spring Data Redis: a stream, a consumer group with one consumer, and the listener
 * container, which acknowledges each message when it has been handled. It neither retries
 * nor recovers what a consumer that died has left pending.
 */
final class SpringStream implements Entrant {

	private static final String STREAM = "orders";

	private static final String GROUP = "group";

	private static final int PAGE = 500;

	@Override
	public String name() {
		return "spring-stream";
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY, Ability.BOTH_AT_ONCE, Ability.OTHER_NODE);
	}

	@Override
	public Contender start(Setup setup) {
		return new Node(BootContext.start(setup, "org.springframework.data.redis.", Map.of(), (context) -> {
		}, Application.class), setup);
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	private static final class Node implements Contender {

		private final ConfigurableApplicationContext context;

		private final StringRedisTemplate redis;

		private final JsonMapper json;

		private final Sink sink;

		private final @Nullable StreamMessageListenerContainer<String, MapRecord<String, String, String>> container;

		Node(ConfigurableApplicationContext context, Setup setup) {
			this.context = context;
			this.redis = context.getBean(StringRedisTemplate.class);
			this.json = context.getBean(JsonMapper.class);
			this.sink = setup.sink();
			this.container = setup.publishesOnly() ? null : listen();
		}

		private StreamMessageListenerContainer<String, MapRecord<String, String, String>> listen() {
			if (!Boolean.TRUE.equals(this.redis.hasKey(STREAM))) {
				this.redis.opsForStream().createGroup(STREAM, ReadOffset.from("0"), GROUP);
			}
			StreamMessageListenerContainer<String, MapRecord<String, String, String>> created = StreamMessageListenerContainer
				.create(this.context.getBean(RedisConnectionFactory.class),
						StreamMessageListenerContainer.StreamMessageListenerContainerOptions.builder()
							.batchSize(PAGE)
							.pollTimeout(Duration.ofMillis(100))
							.build());
			created.receive(Consumer.from(GROUP, "consumer"), StreamOffset.create(STREAM, ReadOffset.lastConsumed()),
					this::handle);
			created.start();
			return created;
		}

		private void handle(MapRecord<String, String, String> message) {
			this.sink.accept(this.json.readValue(message.getValue().get("data"), Order.class));
			this.redis.opsForStream().acknowledge(STREAM, GROUP, message.getId());
		}

		@Override
		public void publish(Order order) {
			this.redis.opsForStream().add(STREAM, Map.of("data", this.json.writeValueAsString(order)));
		}

		@Override
		public void publishAll(List<Order> orders) {
			orders.forEach(this::publish);
		}

		@Override
		public void close() {
			if (this.container != null) {
				this.container.stop();
			}
			this.context.close();
		}

	}

}
