package dev.events.store;

import java.time.Instant;

/** Does what another store does, but for what is overridden. */
public abstract class ForwardingStore implements EventStore {

	private final EventStore store;

	protected ForwardingStore(EventStore store) {
		this.store = store;
	}

	@Override
	public String name() {
		return this.store.name();
	}

	@Override
	public boolean isInTransaction() {
		return this.store.isInTransaction();
	}

	@Override
	public Instant now() {
		return this.store.now();
	}

	@Override
	public EventLog log() {
		return this.store.log();
	}

	@Override
	public Schedule schedule() {
		return this.store.schedule();
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
	public Replays replays() {
		return this.store.replays();
	}

	@Override
	public Processes processes() {
		return this.store.processes();
	}

	@Override
	public Nodes nodes() {
		return this.store.nodes();
	}

	@Override
	public Schemas schemas() {
		return this.store.schemas();
	}

	@Override
	public SubjectKeys subjectKeys() {
		return this.store.subjectKeys();
	}

	@Override
	public Wakeups wakeups() {
		return this.store.wakeups();
	}

}
