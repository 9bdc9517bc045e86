package dev.events.benchmarks.contender;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The raw limit on Redis: Lettuce alone, one connection, {@code XADD} of entries as big
 * as ours, {@code XRANGE} of 500 entries that are read and not decoded. Many are sent in
 * one pipeline that is flushed once.
 */
final class RawRedis implements Entrant {

	private static final int PAGE = 500;

	private static final byte[] STREAM = "stream".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] FIELD = { 'e' };

	// what our entries hold beside the data: id, type, version, source, key, time
	private static final int HEADER = 70;

	@Override
	public String name() {
		return "raw";
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY);
	}

	@Override
	public Contender start(Setup setup) {
		return new Node(setup);
	}

	private static final class Node implements Contender {

		private final RedisClient client;

		private final StatefulRedisConnection<byte[], byte[]> connection;

		private final RedisAsyncCommands<byte[], byte[]> commands;

		private final Setup setup;

		// encoding is not what is measured here
		private final Order order = Order.next();

		private final byte[] entry;

		private final @Nullable Thread reader;

		private volatile boolean stopped;

		Node(Setup setup) {
			this.setup = setup;
			byte[] json = JsonMapper.shared().writeValueAsBytes(this.order);
			this.entry = Arrays.copyOf(json, json.length + HEADER);
			this.client = RedisClient.create(setup.database().url());
			this.connection = this.client.connect(ByteArrayCodec.INSTANCE);
			this.commands = this.connection.async();
			this.reader = (setup.role() == Setup.Role.SUBSCRIBER) ? new Thread(this::read, "raw-reader") : null;
			if (this.reader != null) {
				this.reader.start();
			}
		}

		@Override
		public void publish(Order order) {
			this.connection.sync().xadd(STREAM, FIELD, this.entry);
		}

		/** From one thread only: the connection is flushed for all. */
		@Override
		public synchronized void publishAll(List<Order> orders) {
			RedisFuture<?>[] futures = new RedisFuture<?>[orders.size()];
			this.connection.setAutoFlushCommands(false);
			for (int i = 0; i < futures.length; i++) {
				futures[i] = this.commands.xadd(STREAM, FIELD, this.entry);
			}
			this.connection.flushCommands();
			this.connection.setAutoFlushCommands(true);
			CompletableFuture
				.allOf(Arrays.stream(futures).map(RedisFuture::toCompletableFuture).toArray(CompletableFuture[]::new))
				.join();
		}

		private void read() {
			String after = "0";
			while (!this.stopped) {
				List<StreamMessage<byte[], byte[]>> page = this.connection.sync()
					.xrange(STREAM, Range.from(Range.Boundary.excluding(after), Range.Boundary.unbounded()),
							Limit.create(0, PAGE));
				for (StreamMessage<byte[], byte[]> message : page) {
					if (!message.getBody().isEmpty()) {
						this.setup.sink().accept(this.order);
					}
					after = message.getId();
				}
				if (page.isEmpty()) {
					LockSupport.parkNanos(1_000_000);
				}
			}
		}

		@Override
		public void close() {
			this.stopped = true;
			if (this.reader != null) {
				try {
					this.reader.join();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			this.connection.close();
			this.client.shutdown();
		}

	}

}
