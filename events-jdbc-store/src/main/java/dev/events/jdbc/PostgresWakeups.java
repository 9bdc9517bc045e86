package dev.events.jdbc;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.events.store.LocalWakeups;
import dev.events.store.Wakeups;
import org.jspecify.annotations.Nullable;

/**
 * Wakes nodes in other processes by NOTIFY and LISTEN, and those that share this store
 * directly. Thread-safe.
 */
final class PostgresWakeups implements Wakeups {

	private static final Duration SEND_PATIENCE = Duration.ofSeconds(1);

	// stands in front of each of our notifications, which come back to us as well
	private final String origin = UUID.randomUUID().toString().substring(0, 13);

	private final LocalWakeups local = new LocalWakeups();

	private final NotifySender sender;

	private final NotifyListeners listeners;

	// guarded by this
	private int listening;

	// runs while somebody listens; guarded by this
	private @Nullable NotifyListener listener;

	PostgresWakeups(Database database, Tables tables, NotifyListeners listeners) {
		this.sender = new NotifySender(database, tables, this.origin);
		this.listeners = listeners;
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
			this.listener = this.listeners.start(this::heard);
		}
	}

	private void end() {
		NotifyListener ended = null;
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
	private void heard(Notification notification) {
		if (!notification.origin().equals(this.origin)) {
			notification.kinds().forEach((kind) -> this.local.signal("", kind));
		}
	}

	/**
	 * What nodes send each other.
	 *
	 * @param origin the store object that sent it
	 * @param kinds what has changed
	 */
	record Notification(String origin, Set<Kind> kinds) {

	}

}
