package dev.events.benchmarks.contender;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.redisson.Redisson;
import org.redisson.api.RReliableTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import tools.jackson.databind.json.JsonMapper;

/**
 * Redisson's reliable topic, data as JSON in a string. It neither retries nor keeps an
 * order per key, and a subscriber that was away for longer than its watchdog begins anew.
 */
final class RedissonTopic implements Entrant {

	@Override
	public String name() {
		return "redisson-topic";
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY, Ability.BOTH_AT_ONCE, Ability.SUBSCRIBERS, Ability.OTHER_NODE);
	}

	@Override
	public Contender start(Setup setup) {
		Config config = new Config();
		config.useSingleServer().setAddress(setup.database().url());
		return new Node(Redisson.create(config), setup);
	}

	private static final class Node implements Contender {

		private final RedissonClient client;

		private final RReliableTopic topic;

		Node(RedissonClient client, Setup setup) {
			this.client = client;
			this.topic = client.getReliableTopic("orders", StringCodec.INSTANCE);
			if (!setup.publishesOnly()) {
				for (int i = 0; i < setup.subscribers(); i++) {
					this.topic.addListener(String.class,
							(channel, json) -> setup.sink().accept(JsonMapper.shared().readValue(json, Order.class)));
				}
			}
		}

		@Override
		public void publish(Order order) {
			this.topic.publish(JsonMapper.shared().writeValueAsString(order));
		}

		@Override
		public void publishAll(List<Order> orders) {
			orders.forEach(this::publish);
		}

		@Override
		public void close() {
			this.client.shutdown();
		}

	}

}
