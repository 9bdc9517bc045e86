package dev.events.spring.transaction;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.Nodes;
import dev.events.store.SubscriptionRegistry;

/**
 * Lets a store that cannot take part in transactions be used inside them: what is
 * published in a Spring transaction is appended when it has committed, and not at all
 * when it is rolled back. If appending fails then, the events are lost; that is logged
 * and counted. Thread-safe.
 */
public final class AfterCommitEventStore implements EventStore {

	private final EventStore store;

	private final AfterCommitEventLog log;

	/**
	 * Wraps a store.
	 * @param store where events go after the commit
	 */
	public AfterCommitEventStore(EventStore store) {
		this.store = store;
		this.log = new AfterCommitEventLog(store.log(), new SpringPublishTransactions());
	}

	/** How many events were committed but lost, because the store did not take them. */
	public long lostEvents() {
		return this.log.lost();
	}

	@Override
	public String name() {
		return this.store.name();
	}

	@Override
	public EventLog log() {
		return this.log;
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return this.store.subscriptions();
	}

	@Override
	public Cursors cursors() {
		return this.store.cursors();
	}

	@Override
	public Deliveries deliveries() {
		return this.store.deliveries();
	}

	@Override
	public Nodes nodes() {
		return this.store.nodes();
	}

}
