package dev.events.redis;

import java.time.Duration;
import java.util.function.Consumer;

import dev.events.store.SignalChannel;

/**
 * PUBLISH and SUBSCRIBE. Thread-safe.
 */
final class PublishChannel implements SignalChannel {

	/** Redis has little to do for a message. */
	static final Duration PAUSE = Duration.ofMillis(2);

	private final StoreConnection connection;

	private final byte[] channel;

	PublishChannel(StoreConnection connection, Keys keys) {
		this.connection = connection;
		this.channel = keys.channel();
	}

	@Override
	public void send(String message) {
		// ends in the time that StoreClientConfiguration gives each command
		this.connection.commands().publish(this.channel, Text.bytes(message)).toCompletableFuture().join();
	}

	@Override
	public Runnable listen(Consumer<String> onMessage, Runnable onMissed) {
		SignalListener listener = new SignalListener(this.connection, this.channel, onMessage, onMissed);
		listener.start();
		return listener::stop;
	}

}
