package dev.events.store;

import java.util.function.Consumer;

/**
 * Tells other nodes that there is something for them to do, sooner than they would find
 * out by themselves. Nothing depends on it: signals may be missing, late, put together or
 * heard without reason, for every node looks at the store from time to time anyway.
 */
public interface Wakeups {

	/**
	 * Tells all nodes that listen, except the one that signals, in other processes where
	 * the store can. What has changed must be committed. Returns at once, without waiting
	 * for the store, and never throws.
	 * @param node id of the node that signals
	 * @param kind what has changed
	 */
	void signal(String node, Kind kind);

	/**
	 * Begins to hear signals of other nodes. A store may lose those of the first moments.
	 * @param node id of the node that listens
	 * @param listener called for each kind; must not block
	 */
	Listening listen(String node, Consumer<Kind> listener);

	/**
	 * What has changed.
	 */
	enum Kind {

		/** There are new events in the log. */
		EVENTS,

		/** Deliveries have become due at once. */
		DELIVERIES,

		/** Nodes, their subscriptions or leases have changed. */
		PARTITIONS

	}

	/**
	 * A node's hearing of others.
	 */
	interface Listening extends AutoCloseable {

		/**
		 * Ends it. Gives signals of the same store that are not sent yet a moment to be
		 * sent.
		 */
		@Override
		void close();

	}

}
