package dev.events.jdbc;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventStoreContract;
import dev.events.test.store.StoreFixture;

class PostgresEventStoreTests extends EventStoreContract {

	private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

	@Override
	protected StoreFixture fixture() {
		return JdbcStoreFixture.postgres(DATABASE);
	}

}
