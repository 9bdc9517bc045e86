package dev.events.store;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Wakes nodes in other processes through a channel, and those that share this store
 * object directly. Says in a message who sends it and what kinds of things have changed,
 * but nothing of any event. Thread-safe.
 */
public final class RemoteWakeups implements Wakeups {

	private static final Duration SEND_PATIENCE = Duration.ofSeconds(1);

	// stands in front of each of our messages, which come back to us as well
	private final String origin = UUID.randomUUID().toString().substring(0, 13);

	private final LocalWakeups local = new LocalWakeups();

	private final SignalChannel channel;

	private final SignalSender sender;

	// guarded by this
	private int listening;

	// ends it, while somebody listens; guarded by this
	private @Nullable Runnable listener;

	/**
	 * Wake-ups through a channel.
	 * @param channel to other processes
	 * @param pause between two messages, however much changes
	 */
	public RemoteWakeups(SignalChannel channel, Duration pause) {
		this.channel = channel;
		this.sender = new SignalSender((kinds) -> channel.send(message(kinds)), pause);
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
			this.listener = this.channel.listen(this::heard, this::missed);
		}
	}

	private void end() {
		Runnable ended = null;
		synchronized (this) {
			this.listening--;
			if (this.listening == 0) {
				ended = this.listener;
				this.listener = null;
			}
		}
		if (ended != null) {
			ended.run();
		}
	}

	private void heard(String message) {
		int space = message.indexOf(' ');
		// what nobody here has sent is for everybody here
		if (space < 0 || !message.substring(0, space).equals(this.origin)) {
			kinds(message.substring(space + 1)).forEach((kind) -> this.local.signal("", kind));
		}
	}

	private void missed() {
		EnumSet.allOf(Kind.class).forEach((kind) -> this.local.signal("", kind));
	}

	private String message(Set<Kind> kinds) {
		StringBuilder message = new StringBuilder(this.origin).append(' ');
		kinds.forEach((kind) -> message.append(letter(kind)));
		return message.toString();
	}

	/** What is not understood, from a later version say, is taken for everything. */
	private static Set<Kind> kinds(String letters) {
		Set<Kind> kinds = EnumSet.noneOf(Kind.class);
		for (Kind kind : Kind.values()) {
			if (letters.indexOf(letter(kind)) >= 0) {
				kinds.add(kind);
			}
		}
		return kinds.isEmpty() ? EnumSet.allOf(Kind.class) : kinds;
	}

	private static char letter(Kind kind) {
		return kind.name().charAt(0);
	}

}
