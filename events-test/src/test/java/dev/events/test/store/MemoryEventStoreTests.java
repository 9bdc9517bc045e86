package dev.events.test.store;

/**
 * The contract for the memory store.
 */
class MemoryEventStoreTests extends EventStoreContract {

	@Override
	protected StoreFixture fixture() {
		return new MemoryStoreFixture();
	}

}
