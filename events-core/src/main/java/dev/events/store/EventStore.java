package dev.events.store;

/**
 * A place to keep events, subscriptions and what became of deliveries. All parts are
 * thread-safe. Time is the store's own, never a node's, wherever nodes must agree on it.
 */
public interface EventStore {

	/** Short name for people, for example {@code memory} or {@code jdbc (PostgreSQL)}. */
	String name();

	/** The events. */
	EventLog log();

	/** The durable subscriptions. */
	SubscriptionRegistry subscriptions();

	/** Who serves which partition, and how far it has come. */
	Cursors cursors();

	/** Deliveries that failed. */
	Deliveries deliveries();

	/** The running nodes. */
	Nodes nodes();

	/** How nodes tell each other that there is something to do. */
	Wakeups wakeups();

}
