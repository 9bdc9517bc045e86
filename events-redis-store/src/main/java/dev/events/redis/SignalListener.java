package dev.events.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.Subscription;
import org.springframework.data.redis.connection.SubscriptionListener;

/**
 * Hears signals on a connection of its own until it is stopped. Once subscribed, the
 * client reconnects and subscribes again by itself; until then, its thread tries.
 */
final class SignalListener implements MessageListener, SubscriptionListener {

	private static final Logger logger = LoggerFactory.getLogger(SignalListener.class);

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

	private static final long MAX_BACKOFF_MILLIS = 2_000;

	private final StoreConnection connection;

	private final byte[] channel;

	private final Consumer<String> onMessage;

	private final Runnable onMissed;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private final Thread thread = new Thread(this::run, "events-listen");

	SignalListener(StoreConnection connection, byte[] channel, Consumer<String> onMessage, Runnable onMissed) {
		this.connection = connection;
		this.channel = channel;
		this.onMessage = onMessage;
		this.onMissed = onMissed;
	}

	void start() {
		this.thread.setDaemon(true);
		this.thread.start();
	}

	void stop() {
		this.stopped.countDown();
		try {
			this.thread.join(STOP_PATIENCE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void onMessage(Message message, byte @Nullable [] pattern) {
		this.onMessage.accept(Text.string(message.getBody()));
	}

	/** The first time, and each time after the connection was lost. */
	@Override
	public void onChannelSubscribed(byte[] subscribed, long count) {
		logger.debug("Listening to other nodes on {}", Text.string(subscribed));
		this.onMissed.run();
	}

	private void run() {
		try {
			RedisConnection subscriber = subscribe();
			this.stopped.await();
			if (subscriber != null) {
				close(subscriber);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private @Nullable RedisConnection subscribe() throws InterruptedException {
		for (int failures = 0; this.stopped.getCount() > 0; failures++) {
			RedisConnection subscriber = null;
			try {
				subscriber = this.connection.subscriber();
				subscriber.subscribe(this, this.channel);
				return subscriber;
			}
			catch (RuntimeException ex) {
				logger.atLevel((failures == 0) ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.DEBUG)
					.setCause(ex)
					.log("What other nodes publish is found by polling only until they can be listened to");
				if (subscriber != null) {
					close(subscriber);
				}
				long millis = Math.min(MAX_BACKOFF_MILLIS, 50L << Math.min(6, failures));
				this.stopped.await(millis / 2 + ThreadLocalRandom.current().nextLong(millis), TimeUnit.MILLISECONDS);
			}
		}
		return null;
	}

	private static void close(RedisConnection subscriber) {
		try {
			Subscription subscription = subscriber.getSubscription();
			if (subscription != null) {
				subscription.close();
			}
			subscriber.close();
		}
		catch (RuntimeException ex) {
			logger.debug("The connection is broken already", ex);
		}
	}

}
