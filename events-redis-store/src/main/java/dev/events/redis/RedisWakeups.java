package dev.events.redis;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.events.store.LocalWakeups;
import dev.events.store.Wakeups;
import org.jspecify.annotations.Nullable;

/**
 * Wakes nodes in other processes by publish and subscribe, and those that share this
 * store directly. Thread-safe.
 */
final class RedisWakeups implements Wakeups {

	private static final Duration SEND_PATIENCE = Duration.ofSeconds(1);

	// stands in front of each of our messages, which come back to us as well
	private final String origin = UUID.randomUUID().toString().substring(0, 13);

	private final LocalWakeups local = new LocalWakeups();

	private final StoreConnection connection;

	private final byte[] channel;

	private final SignalSender sender;

	// guarded by this
	private int listening;

	// runs while somebody listens; guarded by this
	private @Nullable SignalListener listener;

	RedisWakeups(StoreConnection connection, Keys keys) {
		this.connection = connection;
		this.channel = keys.channel();
		this.sender = new SignalSender((kinds) -> connection.commands()
			.publish(this.channel, Text.bytes(this.origin + letters(kinds)))
			.toCompletableFuture());
	}

	@Override
	public void signal(String node, Kind kind) {
		this.local.signal(node, kind);
		this.sender.send(kind);
	}

	@Override
	public Listening listen(String node, Consumer<Kind> consumer) {
		Listening here = this.local.listen(node, consumer);
		begin();
		AtomicBoolean ended = new AtomicBoolean();
		return () -> {
			if (ended.compareAndSet(false, true)) {
				here.close();
				end();
				this.sender.flush(SEND_PATIENCE);
			}
		};
	}

	private synchronized void begin() {
		this.listening++;
		if (this.listener == null) {
			this.listener = new SignalListener(this.connection, this.channel, this::heard);
			this.listener.start();
		}
	}

	private void end() {
		SignalListener ended = null;
		synchronized (this) {
			this.listening--;
			if (this.listening == 0) {
				ended = this.listener;
				this.listener = null;
			}
		}
		if (ended != null) {
			ended.stop();
		}
	}

	/** Nobody here has sent it, so that it is for everybody here. */
	private void heard(String message) {
		if (!message.startsWith(this.origin)) {
			String letters = message.substring(Math.min(message.length(), this.origin.length()));
			Stream.of(Kind.values())
				.filter((kind) -> letters.indexOf(letter(kind)) >= 0)
				.forEach((kind) -> this.local.signal("", kind));
		}
	}

	/** What is heard when some signals may have been missed. */
	static String everything() {
		return "-".repeat(13) + letters(Set.of(Kind.values()));
	}

	private static String letters(Set<Kind> kinds) {
		return kinds.stream().map((kind) -> String.valueOf(letter(kind))).collect(Collectors.joining());
	}

	private static char letter(Kind kind) {
		return kind.name().charAt(0);
	}

}
