package dev.events.benchmarks.memory;

import java.time.Instant;

import dev.events.memory.MemoryEventStore;
import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.Nodes;
import dev.events.store.Schedule;
import dev.events.store.Schemas;
import dev.events.store.SubscriptionRegistry;
import dev.events.store.Wakeups;

/**
 * The memory store with a log of bounded size.
 */
final class RingStore implements EventStore {

	private final EventStore memory = new MemoryEventStore();

	private final EventLog log = new RingLog();

	@Override
	public String name() {
		return "ring";
	}

	@Override
	public Instant now() {
		return this.memory.now();
	}

	@Override
	public EventLog log() {
		return this.log;
	}

	@Override
	public Schedule schedule() {
		return this.memory.schedule();
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return this.memory.subscriptions();
	}

	@Override
	public Cursors cursors() {
		return this.memory.cursors();
	}

	@Override
	public Deliveries deliveries() {
		return this.memory.deliveries();
	}

	@Override
	public Nodes nodes() {
		return this.memory.nodes();
	}

	@Override
	public Schemas schemas() {
		return this.memory.schemas();
	}

	@Override
	public Wakeups wakeups() {
		return this.memory.wakeups();
	}

}
