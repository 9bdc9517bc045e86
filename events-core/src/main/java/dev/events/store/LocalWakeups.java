package dev.events.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wake-ups between nodes that share one store object. Thread-safe.
 */
public final class LocalWakeups implements Wakeups {

	private static final Logger logger = LoggerFactory.getLogger(LocalWakeups.class);

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	@Override
	public void signal(String node, Kind kind) {
		for (Listener listener : this.listeners) {
			if (!listener.node.equals(node)) {
				listener.hear(kind);
			}
		}
	}

	@Override
	public Listening listen(String node, Consumer<Kind> listener) {
		Listener added = new Listener(node, listener);
		this.listeners.add(added);
		return () -> this.listeners.remove(added);
	}

	private static final class Listener {

		private final String node;

		private final Consumer<Kind> action;

		Listener(String node, Consumer<Kind> action) {
			this.node = node;
			this.action = action;
		}

		void hear(Kind kind) {
			try {
				this.action.accept(kind);
			}
			catch (RuntimeException ex) {
				logger.warn("Node {} could not be woken for {}", this.node, kind, ex);
			}
		}

	}

}
