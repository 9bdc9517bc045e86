package dev.events.test.aggregation;

import dev.events.memory.MemoryEventStore;
import dev.events.store.EventStore;

class AggregationTests extends AggregationScenarios {

	private final EventStore store = new MemoryEventStore();

	@Override
	protected EventStore store() {
		return this.store;
	}

}
