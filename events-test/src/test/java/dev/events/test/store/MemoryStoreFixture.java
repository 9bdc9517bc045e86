package dev.events.test.store;

import java.time.Duration;

import dev.events.memory.MemoryEventStore;
import dev.events.store.EventStore;

/**
 * A memory store whose time passes only when a test says so.
 */
final class MemoryStoreFixture implements StoreFixture {

	private final MutableClock clock = new MutableClock();

	private final EventStore store = new MemoryEventStore(this.clock);

	@Override
	public EventStore store() {
		return this.store;
	}

	@Override
	public void advance(Duration duration) {
		this.clock.advance(duration);
	}

}
