package dev.events.test.saga;

import dev.events.memory.MemoryEventStore;
import dev.events.store.EventStore;

class OrderSagaTests extends OrderSagaScenarios {

	private final EventStore store = new MemoryEventStore();

	@Override
	protected EventStore store() {
		return this.store;
	}

}
