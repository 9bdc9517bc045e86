package dev.events.jdbc;

import dev.events.test.store.EventStoreContract;
import dev.events.test.store.StoreFixture;

class H2EventStoreTests extends EventStoreContract {

	@Override
	protected StoreFixture fixture() {
		return JdbcStoreFixture.h2();
	}

}
