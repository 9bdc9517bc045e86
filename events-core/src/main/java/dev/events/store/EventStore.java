package dev.events.store;

import java.time.Instant;

/**
 * A place to keep events, subscriptions and what became of deliveries. All parts are
 * thread-safe. Time is the store's own, never a node's, wherever nodes must agree on it.
 */
public interface EventStore {

	/** Short name for people, for example {@code memory} or {@code jdbc (PostgreSQL)}. */
	String name();

	/** The store's time, by which all nodes go; with microseconds or less. */
	Instant now();

	/**
	 * Whether what the calling thread does now is part of a transaction that it has
	 * begun: {@link EventLog#append}, {@link Schedule#add}, {@link Schedule#cancel},
	 * {@link SubjectKeys#add}, {@link SubjectKeys#erase}, {@link Processes#commit} and
	 * {@link Cursors#checkpoint} take effect with its commit, and not at all when it is
	 * rolled back. If not, the bus waits for the commit with what is published. A store
	 * that wraps another must pass this on.
	 */
	default boolean isInTransaction() {
		return false;
	}

	/** The events. */
	EventLog log();

	/** The events whose time has not come yet. */
	Schedule schedule();

	/** The durable subscriptions. */
	SubscriptionRegistry subscriptions();

	/** Who serves which partition, and how far it has come. */
	Cursors cursors();

	/** Deliveries that failed. */
	Deliveries deliveries();

	/** Replays, and moves of cursors; a store need not be able to keep them. */
	default Replays replays() {
		return Replays.unsupported(name());
	}

	/** What processes keep; a store need not be able to keep it. */
	default Processes processes() {
		return Processes.unsupported(name());
	}

	/** The running nodes. */
	Nodes nodes();

	/** The schemas of event types. */
	Schemas schemas();

	/** The keys of data subjects; a store need not be able to keep them. */
	default SubjectKeys subjectKeys() {
		return SubjectKeys.unsupported(name());
	}

	/** How nodes tell each other that there is something to do. */
	Wakeups wakeups();

}
