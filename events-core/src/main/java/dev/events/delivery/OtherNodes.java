package dev.events.delivery;

import java.util.List;
import java.util.function.Consumer;

import dev.events.store.NodeRecord;
import dev.events.store.Wakeups;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the other nodes, and is woken by them. A node that knows it is alone neither
 * tells nor listens, so that it costs nothing. Thread-safe.
 */
final class OtherNodes {

	private final Wakeups wakeups;

	private final String node;

	private final Consumer<Wakeups.Kind> listener;

	// until a heartbeat tells there may be others
	private volatile boolean alone;

	// guarded by this
	private Wakeups.@Nullable Listening listening;

	// guarded by this
	private boolean closed;

	OtherNodes(Wakeups wakeups, String node, Consumer<Wakeups.Kind> listener) {
		this.wakeups = wakeups;
		this.node = node;
		this.listener = listener;
	}

	/** These are alive. */
	void seen(List<NodeRecord> nodes) {
		boolean alone = nodes.stream().allMatch((other) -> other.id().equals(this.node));
		this.alone = alone;
		if (alone) {
			stopListening();
		}
		else {
			listen();
		}
	}

	private synchronized void listen() {
		if (this.listening == null && !this.closed) {
			this.listening = this.wakeups.listen(this.node, this.listener);
		}
	}

	private void stopListening() {
		Wakeups.Listening ended;
		synchronized (this) {
			ended = this.listening;
			this.listening = null;
		}
		// it may wait
		if (ended != null) {
			ended.close();
		}
	}

	/** Something has changed and is committed. */
	void tell(Wakeups.Kind kind) {
		if (!this.alone) {
			this.wakeups.signal(this.node, kind);
		}
	}

	/** Hears nothing more; what was told is sent. */
	void close() {
		synchronized (this) {
			this.closed = true;
		}
		stopListening();
	}

}
